// SPDX-License-Identifier: Apache-2.0

/// Bodies that the official SDK, mistralai 3.7.0, was seen to send, and a stream that it was seen to take.
enum Captures {
    static let cheese =
        #"{"model":"mistral-medium-latest","messages":[{"content":"What is the best French cheese?","role""#
        + #":"user"}],"stream":false}"#

    static let jsonMode =
        #"{"model":"mistral-large-latest","messages":[{"content":"What is the best French meal? Return the"#
        + #" name and the ingredients in short JSON object.","role":"user"}],"stream":false,"response_format"#
        + #"":{"type":"json_object"}}"#

    static let book =
        #"{"model":"ministral-8b-latest","messages":[{"content":"Extract the books information.","role":"s"#
        + #"ystem"},{"content":"I recently read 'To Kill a Mockingbird' by Harper Lee.","role":"user"}],"tem"#
        + #"perature":0.0,"max_tokens":256,"stream":false,"response_format":{"type":"json_schema","json_sche"#
        + #"ma":{"name":"Book","schema":{"properties":{"name":{"title":"Name","type":"string"},"authors":{"i"#
        + #"tems":{"type":"string"},"title":"Authors","type":"array"}},"required":["name","authors"],"title""#
        + #":"Book","type":"object","additionalProperties":false},"strict":true}}}"#

    static let safePrompt =
        #"{"model":"mistral-large-latest","messages":[{"content":"What is the best French cheese?","role":"#
        + #""user"}],"stream":false,"safe_prompt":true}"#

    static let stream =
        #"{"model":"mistral-medium-latest","messages":[{"content":"How far is the moon from earth? Answer "#
        + #"with the distance in km only.","role":"user"}],"stream":true}"#

    static let loopFirst =
        #"{"model":"mistral-large-latest","messages":[{"content":"You are a helpful assistant.","role":"sy"#
        + #"stem"},{"content":"What's the status of my transaction T1001?","role":"user"}],"stream":false,"t"#
        + #"ools":[{"function":{"name":"retrieve_payment_status","parameters":{"type":"object","properties":"#
        + #"{"transaction_id":{"type":"string","description":"The transaction id."}},"required":["transactio"#
        + #"n_id"]},"description":"Get payment status of a transaction"},"type":"function"},{"function":{"na"#
        + #"me":"retrieve_payment_date","parameters":{"type":"object","properties":{"transaction_id":{"type""#
        + #":"string","description":"The transaction id."}},"required":["transaction_id"]},"description":"Ge"#
        + #"t payment date of a transaction"},"type":"function"}]}"#

    static let loopSecond =
        #"{"model":"mistral-large-latest","messages":[{"content":"You are a helpful assistant.","role":"sy"#
        + #"stem"},{"content":"What's the status of my transaction T1001?","role":"user"},{"role":"assistant"#
        + #"","content":"","tool_calls":[{"function":{"name":"retrieve_payment_status","arguments":"{\"trans"#
        + #"action_id\": \"T1001\"}"},"id":"D681PevKs","type":"function","index":0}],"prefix":false},{"conte"#
        + #"nt":"{\"status\": \"Paid\"}","role":"tool","tool_call_id":"D681PevKs","name":"retrieve_payment_s"#
        + #"tatus"}],"stream":false,"tools":[{"function":{"name":"retrieve_payment_status","parameters":{"ty"#
        + #"pe":"object","properties":{"transaction_id":{"type":"string","description":"The transaction id.""#
        + #"}},"required":["transaction_id"]},"description":"Get payment status of a transaction"},"type":"f"#
        + #"unction"},{"function":{"name":"retrieve_payment_date","parameters":{"type":"object","properties""#
        + #":{"transaction_id":{"type":"string","description":"The transaction id."}},"required":["transacti"#
        + #"on_id"]},"description":"Get payment date of a transaction"},"type":"function"}]}"#

    static let parallelSecond =
        #"{"model":"mistral-large-latest","messages":[{"content":"You are a helpful assistant.","role":"sy"#
        + #"stem"},{"content":"What's the status of my transaction T1001?","role":"user"},{"role":"assistant"#
        + #"","content":"","tool_calls":[{"function":{"name":"retrieve_payment_status","arguments":"{\"trans"#
        + #"action_id\": \"T1001\"}"},"id":"D681PevKs","type":"function","index":0},{"function":{"name":"ret"#
        + #"rieve_payment_date","arguments":"{\"transaction_id\": \"T1001\"}"},"id":"a1B2c3D4e","type":"func"#
        + #"tion","index":1}],"prefix":false},{"content":"{\"status\": \"Paid\"}","role":"tool","tool_call_i"#
        + #"d":"D681PevKs","name":"retrieve_payment_status"},{"content":"{\"date\": \"2021-10-05\"}","role":"#
        + #""tool","tool_call_id":"a1B2c3D4e","name":"retrieve_payment_date"}],"stream":false,"tools":[{"fun"#
        + #"ction":{"name":"retrieve_payment_status","parameters":{"type":"object","properties":{"transactio"#
        + #"n_id":{"type":"string","description":"The transaction id."}},"required":["transaction_id"]},"des"#
        + #"cription":"Get payment status of a transaction"},"type":"function"},{"function":{"name":"retriev"#
        + #"e_payment_date","parameters":{"type":"object","properties":{"transaction_id":{"type":"string","d"#
        + #"escription":"The transaction id."}},"required":["transaction_id"]},"description":"Get payment da"#
        + #"te of a transaction"},"type":"function"}]}"#

    static let parallelAnswer =
        #"{"id":"cmpl0000000000000000000000000001","object":"chat.completion","created":1764257531,"model""#
        + #":"mistral-medium-latest","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"a"#
        + #"ssistant","tool_calls":[{"id":"D681PevKs","type":"function","function":{"name":"retrieve_payment"#
        + #"_status","arguments":"{\"transaction_id\": \"T1001\"}"},"index":0},{"id":"a1B2c3D4e","type":"fun"#
        + #"ction","function":{"name":"retrieve_payment_date","arguments":"{\"transaction_id\": \"T1001\"}"}"#
        + #","index":1}],"content":""}}],"usage":{"prompt_tokens":11,"completion_tokens":24,"total_tokens":3"#
        + #"5}}"#

    static let streamEvents = [
        #"{"id": "59060ef9339a4112b2c9e57e3ee6199d", "object": "chat.completion.chunk", "created": 1764258"#
            + #"570, "model": "mistral-medium-latest", "choices": [{"index": 0, "delta": {"role": "assistant", ""#
            + #"content": ""}, "finish_reason": null}]}"#,
        #"{"id": "59060ef9339a4112b2c9e57e3ee6199d", "object": "chat.completion.chunk", "created": 1764258"#
            + #"570, "model": "mistral-medium-latest", "choices": [{"index": 0, "delta": {"content": "3"}, "fini"#
            + #"sh_reason": null}]}"#,
        #"{"id": "59060ef9339a4112b2c9e57e3ee6199d", "object": "chat.completion.chunk", "created": 1764258"#
            + #"570, "model": "mistral-medium-latest", "choices": [{"index": 0, "delta": {"content": "84"}, "fin"#
            + #"ish_reason": null}]}"#,
        #"{"id": "59060ef9339a4112b2c9e57e3ee6199d", "object": "chat.completion.chunk", "created": 1764258"#
            + #"570, "model": "mistral-medium-latest", "choices": [{"index": 0, "delta": {"content": "4"}, "fini"#
            + #"sh_reason": null}]}"#,
        #"{"id": "59060ef9339a4112b2c9e57e3ee6199d", "object": "chat.completion.chunk", "created": 1764258"#
            + #"570, "model": "mistral-medium-latest", "choices": [{"index": 0, "delta": {"content": "00"}, "fin"#
            + #"ish_reason": "stop"}], "usage": {"prompt_tokens": 19, "completion_tokens": 7, "total_tokens": 26"#
            + #"}}"#,
        #"[DONE]"#,
    ]
}
