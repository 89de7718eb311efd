# Producers and consumers over a queue, a condition variable, a fiber, and sleeping threads.
queue = SizedQueue.new(8)
lock = Mutex.new
changed = ConditionVariable.new
stopped = false
consumed = Hash.new(0)
sleeps = Array.new(5, 0)

squares = Fiber.new do
  n = 0
  loop { Fiber.yield(n += 1) }
end

consumers = Array.new(3) do
  Thread.new do
    while (number = queue.pop) != :end
      lock.synchronize do
        consumed[number] += 1
        changed.signal
      end
    end
  end
end

sleepers = Array.new(5) do |i|
  Thread.new do
    until stopped
      sleep 0.01
      sleeps[i] += 1
    end
  end
end

sent = 0
garbage = []
File.open('progress', 'a') do |progress|
  progress.sync = true
  until File.exist?('stop')
    20.times do
      number = squares.resume
      sent += 1
      raise "the fiber gave #{number} for #{sent}" unless number == sent
      queue.push(number)
    end
    lock.synchronize { changed.wait(lock) until consumed.size == sent }
    garbage = Array.new(2_000) { |i| "string #{i} of step #{sent}" }
    progress.write('x')
    sleep 0.01
  end
end

stopped = true
3.times { queue.push(:end) }
(consumers + sleepers).each(&:join)
right = consumed.keys.sort == (1..sent).to_a && consumed.values.all?(1) &&
        sleeps.all?(&:positive?) && garbage.last == "string 1999 of step #{sent}"
File.write('result', right ? 'right' : "wrong: #{sent} sent, #{consumed.size} consumed")
