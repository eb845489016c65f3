-- wrk: the 1,000 paths in turn, made once, so that choosing one costs next to nothing.
local requests, next = {}, 0
function init(args)
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", line:match("^%w+://[^/]+(.*)$"))
  end
end
function request()
  next = next % #requests + 1
  return requests[next]
end
