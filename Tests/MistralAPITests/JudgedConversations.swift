// SPDX-License-Identifier: Apache-2.0

/// Conversations with the verdict of mistral-common 1.13.1, the open-source validator of requests, for two generations of
/// its tokenizers: whether it takes them.
enum JudgedConversations {
    struct Case: Sendable {
        let name: String
        let takenByV7: Bool
        let takenByV13: Bool
        let messages: String
    }

    static let all: [Case] = [
        Case(
            name: "empty", takenByV7: false, takenByV13: false,
            messages:
                #"[]"#),
        Case(
            name: "user", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"}]"#),
        Case(
            name: "system_only", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"system","content":"sys"}]"#),
        Case(
            name: "assistant_only", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"assistant","content":"ok"}]"#),
        Case(
            name: "tool_only", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"tool","tool_call_id":"D681PevKs","content":"r"}]"#),
        Case(
            name: "system_user", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"system","content":"sys"},{"role":"user","content":"hi"}]"#),
        Case(
            name: "user_system_user", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"system","content":"sys"},{"role":"user","content":"hi"}"#
                + #"]"#),
        Case(
            name: "two_systems", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"system","content":"sys"},{"role":"system","content":"sys"},{"role":"user","content":"h"#
                + #"i"}]"#),
        Case(
            name: "user_user", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"user","content":"hi"}]"#),
        Case(
            name: "user_assistant", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"ok"}]"#),
        Case(
            name: "user_assistant_prefix", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"The","prefix":true}]"#),
        Case(
            name: "prefix_in_middle", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"The","prefix":true},{"role":"user"#
                + #"","content":"hi"}]"#),
        Case(
            name: "system_last", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"ok"},{"role":"system","content":""#
                + #"sys"}]"#),
        Case(
            name: "user_then_system_last", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"system","content":"sys"}]"#),
        Case(
            name: "assistant_first", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"assistant","content":"ok"},{"role":"user","content":"hi"}]"#),
        Case(
            name: "assistant_assistant", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"ok"},{"role":"assistant","content"#
                + #"":"ok"},{"role":"user","content":"hi"}]"#),
        Case(
            name: "system_after_assistant", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"ok"},{"role":"system","content":""#
                + #"sys"},{"role":"user","content":"hi"}]"#),
        Case(
            name: "user_empty_string", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":""}]"#),
        Case(
            name: "assistant_empty", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":""},{"role":"user","content":"hi"}"#
                + #"]"#),
        Case(
            name: "assistant_null_no_tools", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":null},{"role":"user","content":"hi"#
                + #""}]"#),
        Case(
            name: "assistant_empty_tool_calls", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[]},{"role":"user""#
                + #","content":"hi"}]"#),
        Case(
            name: "tool_roundtrip", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content""#
                + #":"r"}]"#),
        Case(
            name: "tool_roundtrip_done", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content""#
                + #":"r"},{"role":"assistant","content":"ok"},{"role":"user","content":"hi"}]"#),
        Case(
            name: "tool_content_and_calls", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"Let me look","tool_calls":[{"id":"#
                + #""D681PevKs","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs"#
                + #"","content":"r"}]"#),
        Case(
            name: "tool_calls_null_content", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"D681PevK"#
                + #"s","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","conten"#
                + #"t":"r"}]"#),
        Case(
            name: "tool_missing_result", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}},{"id":"a1B2c3D4e","function":{"name":"f","arguments":"#
                + #""{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content":"r"}]"#),
        Case(
            name: "tool_missing_then_assistant", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}},{"id":"a1B2c3D4e","function":{"name":"f","arguments":"#
                + #""{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content":"r"},{"role":"assistant","content":"#
                + #""ok"},{"role":"user","content":"hi"}]"#),
        Case(
            name: "tool_no_result_then_user", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"hi"}]"#),
        Case(
            name: "tool_no_result_last", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]}]"#),
        Case(
            name: "tool_parallel", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}},{"id":"a1B2c3D4e","function":{"name":"f","arguments":"#
                + #""{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content":"r"},{"role":"tool","tool_call_id":"#
                + #""a1B2c3D4e","content":"r"}]"#),
        Case(
            name: "tool_parallel_reversed", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}},{"id":"a1B2c3D4e","function":{"name":"f","arguments":"#
                + #""{}"}}]},{"role":"tool","tool_call_id":"a1B2c3D4e","content":"r"},{"role":"tool","tool_call_id":"#
                + #""D681PevKs","content":"r"}]"#),
        Case(
            name: "tool_extra_result", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content""#
                + #":"r"},{"role":"tool","tool_call_id":"a1B2c3D4e","content":"r"}]"#),
        Case(
            name: "tool_dup_result", takenByV7: true, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}},{"id":"a1B2c3D4e","function":{"name":"f","arguments":"#
                + #""{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content":"r"},{"role":"tool","tool_call_id":"#
                + #""D681PevKs","content":"r"}]"#),
        Case(
            name: "tool_dup_call_ids", takenByV7: true, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}},{"id":"D681PevKs","function":{"name":"f","arguments":"#
                + #""{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content":"r"},{"role":"tool","tool_call_id":"#
                + #""D681PevKs","content":"r"}]"#),
        Case(
            name: "tool_wrong_id", takenByV7: true, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a1B2c3D4e","content""#
                + #":"r"}]"#),
        Case(
            name: "tool_after_user", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"tool","tool_call_id":"D681PevKs","content":"r"}]"#),
        Case(
            name: "tool_then_user", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content""#
                + #":"r"},{"role":"user","content":"hi"}]"#),
        Case(
            name: "tool_then_assistant_then_tool", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content""#
                + #":"r"},{"role":"assistant","content":"","tool_calls":[{"id":"a1B2c3D4e","function":{"name":"f","a"#
                + #"rguments":"{}"}}]},{"role":"tool","tool_call_id":"a1B2c3D4e","content":"r"}]"#),
        Case(
            name: "tool_id_call_underscore", takenByV7: false, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"call_0001""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_0001","content""#
                + #":"r"}]"#),
        Case(
            name: "tool_id_8", takenByV7: false, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevK","#
                + #""function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevK","content":""#
                + #"r"}]"#),
        Case(
            name: "tool_id_10", takenByV7: false, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKsX"#
                + #"","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKsX","conten"#
                + #"t":"r"}]"#),
        Case(
            name: "tool_id_null_string", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"null","fun"#
                + #"ction":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"null","content":"r"}]"#),
        Case(
            name: "tool_id_uuid", takenByV7: false, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"123e4567-e"#
                + #"89b-12d3-a456-426614174000","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_cal"#
                + #"l_id":"123e4567-e89b-12d3-a456-426614174000","content":"r"}]"#),
        Case(
            name: "tool_result_no_id", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","content":"r"}]"#),
        Case(
            name: "tool_result_with_name", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content""#
                + #":"r","name":"f"}]"#),
        Case(
            name: "tool_result_bad_name", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content""#
                + #":"r","name":"a b"}]"#),
        Case(
            name: "tool_result_empty_content", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content""#
                + #":""}]"#),
        Case(
            name: "fn_name_space", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"a b","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","conten"#
                + #"t":"r"}]"#),
        Case(
            name: "fn_name_64", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","argument"#
                + #"s":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content":"r"}]"#),
        Case(
            name: "fn_name_65", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","argumen"#
                + #"ts":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content":"r"}]"#),
        Case(
            name: "fn_name_dot", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"a.b","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","conten"#
                + #"t":"r"}]"#),
        Case(
            name: "args_object", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":{"x":1}}}]},{"role":"tool","tool_call_id":"D681PevKs","conte"#
                + #"nt":"r"}]"#),
        Case(
            name: "args_empty_string", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":""}}]},{"role":"tool","tool_call_id":"D681PevKs","content":""#
                + #"r"}]"#),
        Case(
            name: "args_bad_json", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{x"}}]},{"role":"tool","tool_call_id":"D681PevKs","content""#
                + #":"r"}]"#),
        Case(
            name: "image_user", takenByV7: true, takenByV13: true,
            messages:
                #"[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":"https://e"#
                + #".x/i.png"}]}]"#),
        Case(
            name: "think_assistant", takenByV7: false, takenByV13: true,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"t""#
                + #"},{"type":"text","text":"x"}]},{"role":"user","content":"hi"}]"#),
        Case(
            name: "continue_after_tool_assistant_last", takenByV7: false, takenByV13: false,
            messages:
                #"[{"role":"user","content":"hi"},{"role":"assistant","content":"","tool_calls":[{"id":"D681PevKs""#
                + #","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"D681PevKs","content""#
                + #":"r"},{"role":"assistant","content":"done"}]"#),
    ]
}
