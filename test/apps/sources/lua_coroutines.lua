-- Coroutines that stand half way, closures over counters, and tables that grow and shrink.
local function primes()
    local found = {}
    local candidate = 1
    while true do
        candidate = candidate + 1
        local prime = true
        for _, p in ipairs(found) do
            if p * p > candidate then break end
            if candidate % p == 0 then prime = false break end
        end
        if prime then
            found[#found + 1] = candidate
            coroutine.yield(candidate)
        end
    end
end

local function counter()
    local n = 0
    return function(by) n = n + by return n end
end

local function stopped()
    local file = io.open("stop")
    if file then file:close() end
    return file ~= nil
end

local make, count, sum, texts = coroutine.wrap(primes), counter(), 0, {}
local progress = assert(io.open("progress", "a"))
while not stopped() do
    for _ = 1, 20 do
        local prime = make()
        sum = sum + prime
        texts[#texts + 1] = string.rep(tostring(prime), 20)
        count(1)
    end
    if #texts > 2000 then texts = {} collectgarbage() end
    progress:write("x")
    progress:flush()
    local wake = os.clock() + 0.01
    while os.clock() < wake do end
end

local again, wanted, steps = coroutine.wrap(primes), 0, count(0)
for _ = 1, steps do wanted = wanted + again() end
local result = assert(io.open("result", "w"))
result:write(wanted == sum and "right" or ("wrong after " .. steps .. " primes"))
result:close()
