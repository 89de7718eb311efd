#!/usr/bin/env escript
%%! +S 2:2 -noinput
%% A ring of processes, a process that allocates, a TCP connection to itself, a program that is asked
%% through a port, and a timer; each round grows the file progress until there is the file stop.

main(_) ->
    process_flag(trap_exit, true),
    Table = ets:new(table, [public, set]),
    First = ring(500, self()),
    spawn_link(fun() -> allocate(Table, 0) end),
    Echo = open_port({spawn, "cat"}, [binary, {line, 100}]),
    {Client, Server} = connection(),
    {ok, Progress} = file:open("progress", [append, raw]),
    rounds(1, {First, Echo, Client, Server, Progress, Table}),
    ok = file:write_file("result", "right\n").

ring(0, Last) -> Last;
ring(Count, Next) -> ring(Count - 1, spawn_link(fun() -> pass(Next) end)).

pass(Next) -> receive Message -> Next ! Message end, pass(Next).

allocate(Table, Count) ->
    List = [{Number, integer_to_binary(Number)} || Number <- lists:seq(1, 2000)],
    2000 = length([ok || {Number, Text} <- List, binary_to_integer(Text) =:= Number]),
    ets:insert(Table, {allocated, Count}),
    timer:sleep(2),
    allocate(Table, Count + 1).

connection() ->
    {ok, Listener} = gen_tcp:listen(0, [binary, {ip, {127, 0, 0, 1}}, {packet, 4}, {active, false}]),
    {ok, Port} = inet:port(Listener),
    {ok, Client} = gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {packet, 4}, {active, false}]),
    {ok, Server} = gen_tcp:accept(Listener),
    {Client, Server}.

rounds(Number, {First, Echo, Client, Server, Progress, Table} = State) ->
    First ! {round, Number},
    receive {round, Number} -> ok end,
    Text = integer_to_binary(Number),
    port_command(Echo, [Text, "\n"]),
    receive {Echo, {data, {eol, Text}}} -> ok end,
    ok = gen_tcp:send(Client, Text),
    {ok, Text} = gen_tcp:recv(Server, 0),
    [{allocated, Before}] = wait_for(Table, -1),
    [{allocated, _}] = wait_for(Table, Before),
    erlang:send_after(10, self(), {timer, Number}),
    receive {timer, Number} -> ok end,
    ok = file:write(Progress, [Text, "\n"]),
    case filelib:is_file("stop") and (Number > 3) of
        true -> ok;
        false -> rounds(Number + 1, State)
    end.

wait_for(Table, Before) ->
    case ets:lookup(Table, allocated) of
        [{allocated, Count}] = Found when Count > Before -> Found;
        _ -> timer:sleep(1), wait_for(Table, Before)
    end.
