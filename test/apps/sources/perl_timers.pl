# An interval timer ticks while the program computes; a pending alarm ends one slow read a round.
use strict;
use warnings;
use Time::HiRes qw(setitimer ITIMER_REAL ITIMER_VIRTUAL sleep);

my ($ticks, $virtual, $steps, $sum, $timeouts) = (0, 0, 0, 0, 0);
$SIG{VTALRM} = sub { $virtual++ };
$SIG{ALRM} = sub { $ticks++ };
setitimer(ITIMER_VIRTUAL, 0.01, 0.01);
pipe(my $reader, my $writer) or die "pipe: $!";
open(my $progress, '>>', 'progress') or die "progress: $!";
$progress->autoflush(1);

while (!-e 'stop') {
    # Nobody writes: only the timer ends the read, by an exception from the handler.
    my $read = eval {
        local $SIG{ALRM} = sub { $ticks++; die "timeout\n" };
        setitimer(ITIMER_REAL, 0.03);
        sysread($reader, my $byte, 1);
        1;
    };
    die "a read without a writer's byte came back" if $read || $@ ne "timeout\n";
    $timeouts++;
    $sum += $_ for 1 .. 200_000;
    $steps++;
    print $progress 'x';
}

my $right = $sum == $steps * 20_000_100_000 && $timeouts == $steps && $ticks == $steps;
$right &&= $virtual > 0 || $steps < 20;
open(my $result, '>', 'result') or die "result: $!";
print $result $right ? 'right' : "wrong: $steps steps, $timeouts timeouts, $ticks ticks, $sum";
