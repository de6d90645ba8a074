// SPDX-License-Identifier: Apache-2.0

/// Groups of words that mean the same to a rule, in English, German, French, Spanish, Italian, Portuguese and Dutch; folded as
/// ``FoldedText`` folds.
struct InjectionWords: OptionSet, Sendable {
    let rawValue: UInt64

    static let ignore = InjectionWords(rawValue: 1 << 0)
    static let overrule = InjectionWords(rawValue: 1 << 1)
    static let prior = InjectionWords(rawValue: 1 << 2)
    static let instructions = InjectionWords(rawValue: 1 << 3)
    static let own = InjectionWords(rawValue: 1 << 4)
    static let not = InjectionWords(rawValue: 1 << 5)
    static let follow = InjectionWords(rawValue: 1 << 6)
    static let everything = InjectionWords(rawValue: 1 << 7)
    static let told = InjectionWords(rawValue: 1 << 8)
    static let you = InjectionWords(rawValue: 1 << 9)
    static let are = InjectionWords(rawValue: 1 << 10)
    static let now = InjectionWords(rawValue: 1 << 11)
    static let persona = InjectionWords(rawValue: 1 << 12)
    static let without = InjectionWords(rawValue: 1 << 13)
    static let restrictions = InjectionWords(rawValue: 1 << 14)
    static let pretend = InjectionWords(rawValue: 1 << 15)
    static let developer = InjectionWords(rawValue: 1 << 16)
    static let mode = InjectionWords(rawValue: 1 << 17)
    static let reveal = InjectionWords(rawValue: 1 << 18)
    static let system = InjectionWords(rawValue: 1 << 19)
    static let prompt = InjectionWords(rawValue: 1 << 20)
    static let tell = InjectionWords(rawValue: 1 << 21)
    static let user = InjectionWords(rawValue: 1 << 22)
    static let nothing = InjectionWords(rawValue: 1 << 23)
    static let notice = InjectionWords(rawValue: 1 << 24)
    static let machine = InjectionWords(rawValue: 1 << 25)
    static let must = InjectionWords(rawValue: 1 << 26)
    static let act = InjectionWords(rawValue: 1 << 27)
    static let tool = InjectionWords(rawValue: 1 << 28)
    static let send = InjectionWords(rawValue: 1 << 29)
    static let whole = InjectionWords(rawValue: 1 << 30)
    static let sensitive = InjectionWords(rawValue: 1 << 31)
    static let address = InjectionWords(rawValue: 1 << 32)
    static let new = InjectionWords(rawValue: 1 << 33)
    static let void = InjectionWords(rawValue: 1 << 34)
    static let this = InjectionWords(rawValue: 1 << 35)
    static let stop = InjectionWords(rawValue: 1 << 36)
    static let condition = InjectionWords(rawValue: 1 << 37)
    static let systemPrompt = InjectionWords(rawValue: 1 << 38)
    static let assistant = InjectionWords(rawValue: 1 << 39)
    static let asks = InjectionWords(rawValue: 1 << 42)
    static let forbids = InjectionWords(rawValue: 1 << 43)
    /// Words of texts about attacks and about templates.
    static let talk = InjectionWords(rawValue: 1 << 40)
    static let injection = InjectionWords(rawValue: 1 << 41)

    private static let words: [(InjectionWords, String)] = [
        (
            .ignore,
            """
            ignore ignoring disregard disregarding forget discard ignoriere ignorieren ignoriert vergiss vergesst vergessen missachte missachten \
            ignorez ignorer oublie oubliez oublier ignora ignorad ignoren olvida olvide olvidad olviden ignorate dimentica dimenticate \
            esqueca esquece desconsidere negeer negeren vergeet vergeten
            """
        ),
        (.overrule, "override overrides overriding overrule bypass supersede supersedes circumvent"),
        (
            .prior,
            """
            previous prior above earlier preceding foregoing former vorherigen vorherige vorigen bisherigen bisherige obigen obige fruheren \
            vorangegangenen precedentes precedents precedente precedent anteriores anterior previas previos precedenti previe vorige eerdere \
            bovenstaande voorgaande
            """
        ),
        (
            .instructions,
            """
            instructions instruction rules directions directives directive guidelines commands prompts prompt orders programming anweisungen \
            anweisung regeln vorgaben befehle richtlinien instruktionen consignes consigne regles ordres instrucciones reglas indicaciones \
            ordenes istruzioni regole ordini instrucoes regras ordens instructies regels aanwijzingen opdrachten
            """
        ),
        (
            .own,
            "your deine deinen deiner deinem ihre ihren tes ton ta vos votre tu tus su sus tuo tue tuoi vostre seu seus suas tuas jouw je uw"
        ),
        (.not, "not never dont no nicht nie kein keine ne pas jamais non mai nao nunca niet nooit geen"),
        (.follow, "follow following obey heed folge befolge suis suivez sigue sigas siga seguire segui volg"),
        (.everything, "everything anything all alles tout todo tutto tudo"),
        (.told, "told said instructed taught before gesagt dit dicho detto disse gezegd learned know"),
        (.you, "you du sie tu vous usted voce je jij ihr"),
        (.are, "are bist sind es etes eres sei e bent become act"),
        (.now, "now jetzt nun maintenant desormais ahora ora adesso agora nu"),
        (
            .persona,
            """
            dan ai assistant bot chatbot model unrestricted jailbroken uncensored hacker pirate evil ki assistent pirat ia asistente assistente \
            modelo modell modele modello robot agent dude stan
            """
        ),
        (.without, "without no ohne sans sin senza sem zonder never lacks"),
        (
            .restrictions,
            """
            restrictions restriction limits limitations filters filter rules policy policies censorship guardrails refuses refuse einschrankungen \
            beschrankungen regeln filtres limites restricciones filtros restrizioni limiti restricoes beperkingen
            """
        ),
        (.pretend, "pretend imagine roleplay simulate act behave"),
        (.developer, "developer debug god admin dan jailbreak sudo"),
        (.mode, "mode modus"),
        (
            .reveal,
            """
            reveal print show output repeat display tell give leak expose dump recite disclose write gib zeige nenne wiederhole verrate affiche \
            montre revele donne repete muestra revela imprime repite mostra rivela stampa mostre repita toon geef onthul
            """
        ),
        (.system, "system initial original hidden secret systeme sistema initiales iniciales internal"),
        (
            .prompt,
            "prompt prompts instructions message text anweisungen instrucciones istruzioni instrucoes instructies configuration"
        ),
        (
            .tell,
            """
            tell mention inform notify alert disclose reveal telling mentioning informing notifying say saying sag sage sagen erwahne informiere \
            dis dites mentionne digas diga menciones dire dirlo menzionare diga conte mencione vertel zeg meld
            """
        ),
        (
            .user,
            "user users human humans operator nutzer benutzer anwender utilisateur lutilisateur usuario utente allutente utilizador gebruiker"
        ),
        (.nothing, "nichts rien nada niente niets davon"),
        (.notice, "note attention notice message important warning hinweis achtung instructions hey dear wichtig"),
        (.machine, "ai llm llms gpt chatgpt claude gemini copilot mistral chatbot chatbots ki ia language bot"),
        (.must, "must should shall need have will may muss musst mussen sollst dois devez debes debe devi deve moet"),
        (
            .act,
            """
            reply respond answer send execute call run invoke use say write include output recommend visit open click print delete transfer buy \
            add forward follow comply
            """
        ),
        (.tool, "tool tools function functions command commands werkzeug outil herramienta strumento"),
        (
            .send,
            """
            send post upload forward transmit exfiltrate leak submit email mail deliver append copy sende schicke sendet envoie envoyez envia envie \
            enviar invia inviare stuur
            """
        ),
        (.whole, "whole entire all full every complete users any contents alle ganze tout toute todo toda tutta"),
        (
            .sensitive,
            """
            conversation history chat password passwords credentials secret secrets key keys token tokens cookies env contacts emails files passwort \
            passworter gesprach verlauf historique secrets contrasenas conversacion cronologia conversazione senhas conversa wachtwoorden rsa
            """
        ),
        (.address, "http https ftp"),
        (.new, "new updated revised neue nouvelles nuevas nuove novas nieuwe"),
        (.void, "void invalid obsolete suspended cancelled canceled expired revoked nullified"),
        (.this, "this these it those diese dieser ceci esto questo isto dit"),
        (.stop, "stop cease quit"),
        (.condition, "if when since as wenn si se als"),
        (.systemPrompt, "systemprompt sysprompt systemprompts systemanweisung systeemprompt"),
        (.assistant, "assistant assistants agent agents model"),
        (
            .talk,
            """
            attacker attackers attack attacks jailbreak jailbreaks jailbreaking adversarial owasp vulnerability vulnerabilities exploit exploits \
            detector researchers research mitigation mitigations mitigate defend defense paper phishing malicious tokenizer template templates \
            chatml tokens angreifer angriff attaque ataque attacco aanval payload payloads
            """
        ),
        (.asks, "do must should shall will please"),
        (.forbids, "dont never ne no non nao nunca jamais mai nooit"),
        (.injection, "injection injections inyeccion iniezione injecao injectie"),
    ]

    /// By ``FoldedText/hash(_:)`` of the word.
    static let byHash: [UInt64: InjectionWords] = {
        var table: [UInt64: InjectionWords] = [:]
        for (group, list) in words {
            for word in list.split(separator: " ") { table[FoldedText.hash(word.utf8), default: []].insert(group) }
        }
        return table
    }()
}
