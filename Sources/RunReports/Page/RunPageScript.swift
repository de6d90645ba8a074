// SPDX-License-Identifier: Apache-2.0

import HTMLPages

/// The one script of the page: search, keys, and unfolding what a link leads to. The page's policy knows it by its digest.
enum RunPageScript {
    /// SHA-256 of ``text`` in base64.
    static let digest = "QQ8rTRifxoOhRbcZSHEdkbCOawWa+h3azkin6je8a+I="

    static let text: Markup = """
        (()=>{"use strict";
        const all=(s,r=document)=>[...r.querySelectorAll(s)],get=i=>document.getElementById(i);
        const bar=get("bar"),q=get("q"),n=get("n"),fold=get("fold"),fault=get("fault");
        const items=all("#conversation .msg,#conversation .step");bar.hidden=false;
        const bad=all("#conversation .bad");fault.hidden=bad.length===0;
        const texts=items.map(e=>e.textContent.toLowerCase());
        const find=()=>{const t=q.value.trim().toLowerCase();let c=0;
        items.forEach((e,i)=>{const hit=!t||texts[i].includes(t);e.classList.toggle("off",!hit);if(t&&hit)c++});
        n.textContent=t?c+" found":""};
        const reveal=e=>{for(let p=e;p;p=p.parentElement)if(p.tagName==="DETAILS")p.open=true};
        let here=null;
        const go=e=>{if(!e)return;if(here)here.classList.remove("here");here=e;e.classList.remove("off");reveal(e.parentElement);
        e.classList.add("here");e.scrollIntoView({block:"center"})};
        const step=(list,d)=>{const seen=list.filter(e=>!e.classList.contains("off"));if(!seen.length)return;
        let i=seen.indexOf(here);if(i<0&&here){i=seen.findIndex(e=>here.compareDocumentPosition(e)&4);if(d>0)i--}
        go(seen[(i+d+seen.length)%seen.length])};
        const target=()=>{const e=location.hash.length>1&&get(location.hash.slice(1));if(e){go(e);reveal(e)}};
        const unfold=()=>{const list=all("#conversation details"),open=list.some(d=>!d.open);list.forEach(d=>d.open=open);
        fold.textContent=open?"Fold all":"Unfold all"};
        q.addEventListener("input",find);fold.addEventListener("click",unfold);fault.addEventListener("click",()=>step(bad,1));
        window.addEventListener("hashchange",target);target();
        window.addEventListener("beforeprint",()=>all("#conversation .step").forEach(d=>d.open=true));
        document.addEventListener("keydown",k=>{if(k.ctrlKey||k.metaKey||k.altKey)return;
        if(k.target===q){if(k.key==="Escape"){q.value="";find();q.blur()}else if(k.key==="Enter")step(items,1);return}
        if(k.key==="/"){k.preventDefault();q.focus()}else if(k.key==="j")step(items,1);else if(k.key==="k")step(items,-1);
        else if(k.key==="e")unfold();else if(k.key==="n")step(bad,1)});
        })();
        """
}
