-- agent test docs/examples/ocr_test.lua

local agent = require "agent"

agent.test("reads the paper when no document is named", function(t)
  local run = t:run("ocr.lua", nil, {
    model = t.scripted {}, fakes = { ocr = { ["https://arxiv.org/pdf/2201.04234"] = { "# Title", "The end." } } },
  })
  t:equal(run.output, "# Title\n\nThe end.")
  t:equal(#run.logs, 2)
  t:contains(run.logs[2], { message = "page 1", fields = { characters = 8, images = 0 } })
end)

agent.test("reads a file, and lets the links lead to the pictures that it saves", function(t)
  local page = { markdown = "![img-0.png](img-0.png)", images = { { id = "img-0.png", image_base64 = "data:image/png;base64,aGk=" } } }
  local run = t:run("ocr.lua", nil, {
    args = { "scan.pdf", "pictures" }, model = t.scripted {},
    fakes = { ocr = { ["scan.pdf"] = { pages = { page } } }, fs = { ["scan.pdf"] = "%PDF-1.7", ["pictures/img-0.png"] = false } },
  })
  t:equal(run.text, "![img-0.png](pictures/img-0.png)")
  t:equal(run.files["pictures/img-0.png"], "hi")
end)

agent.test("reads no file that it may not", function(t)
  t:failed(t:run("ocr.lua", nil, { args = { "/etc/hostname" }, model = t.scripted {}, fakes = { ocr = { ["*"] = "" } } }), "denied")
end)
