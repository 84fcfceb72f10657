#!/usr/bin/perl
# The old way to talk to the engine: lines over a Unix socket, as the Perl and PHP clients of BlueOnyx do it (cce 13.5), and by socat.
# Settings come as one JSON object on standard input: socket, admin_socket, user, password. Ends with 0 when each step held.
use strict;
use warnings;
use IO::Socket::UNIX;
use JSON::PP;

$| = 1;
local $SIG{ALRM} = sub { die "no answer within 30 s\n" };
my $settings = decode_json(do { local $/; <STDIN> });
my $failures = 0;

sub step {
    my ($name, $work) = @_;
    if (eval { alarm 30; $work->(); 1 }) { print "passed  $name\n" }
    else { my $why = $@; chomp $why; $failures++; print "failed  $name  $why\n" }
    alarm 0;
}

sub same {
    my ($expected, $seen, $what) = @_;
    $seen = '(nothing)' unless defined $seen;
    die "$what is '$seen', not '$expected'\n" unless $seen eq $expected;
}

sub connect_to {
    my ($path) = @_;
    my $socket = IO::Socket::UNIX->new(Type => SOCK_STREAM(), Peer => $path) or die "cannot connect: $!\n";
    my $header = <$socket> // '';
    die "no CSCP header: $header\n" unless $header =~ m{^100 CSCP/\S+\r?\n$};
    my $ready = <$socket> // '';
    die "not ready: $ready\n" unless $ready =~ /^200 READY/;
    return $socket;
}

# Reads up to the line that ends a reply: two hundreds and four hundreds.
sub command {
    my ($socket, $line) = @_;
    print {$socket} "$line\n";
    my @lines;
    while (my $answer = <$socket>) {
        chomp $answer;
        push @lines, $answer;
        return \@lines if $answer =~ /^[249]\d\d /;
    }
    die "the connection ended within the answer to $line\n";
}

my %escapes = (a => "\a", b => "\b", f => "\f", n => "\n", r => "\r", t => "\t", v => "\x0b");

sub unescape {
    my ($text) = @_;
    $text =~ s/\\([0-7]{3}|.)/length $1 == 3 ? chr oct $1 : $escapes{$1} \/\/ $1/ges;
    return $text;
}

sub escape {
    my ($text) = @_;
    my %named = reverse %escapes;
    $text =~ s/([\\"])/\\$1/g;
    $text =~ s/([\a\b\f\n\r\t])/\\$named{$1}/g;
    return $text;
}

sub values_of {
    my ($lines) = @_;
    my %values;
    for (@$lines) { $values{$2} = unescape($3) if /^10([23]) DATA (\S+) = "(.*)"$/s }
    return \%values;
}

my $socket;
step('header and whoami of nobody', sub {
    $socket = connect_to($settings->{socket});
    same('104 OBJECT -1 201 OK', join(' ', @{command($socket, 'whoami')}), 'whoami');
});
my $session;
step('AUTH gives a session id', sub {
    my $answer = command($socket, sprintf 'AUTH %s "%s"', $settings->{user}, escape($settings->{password}));
    ($session) = $answer->[0] =~ /^109 SESSIONID ([A-Za-z0-9]{63})$/ or die "no session id: @$answer\n";
    same('104 OBJECT 6', command($socket, 'WHOAMI')->[0], 'whoami');
});
step('GET shows objects and namespaces', sub {
    my $user = values_of(command($socket, 'GET 6'));
    same('admin', $user->{name}, 'name');
    same('User', $user->{CLASS}, 'CLASS');
    same('Email', values_of(command($socket, 'GET 6 . Email'))->{NAMESPACE}, 'NAMESPACE');
    same('300 UNKNOWN OBJECT 9999 401 FAIL', join(' ', @{command($socket, 'GET 9999')}), 'an unknown object');
});
step('SET and GET of bytes of every kind', sub {
    my $text = join '', map { chr } 1 .. 255;
    same('201 OK', join(' ', @{command($socket, 'SET 6 description = "' . escape($text) . '"')}), 'the answer');
    same($text, values_of(command($socket, 'GET 6'))->{description}, 'the value');
    same('201 OK', join(' ', @{command($socket, 'SET 6 description=""')}), 'the answer');
});
step('BAD DATA names object, key and message', sub {
    same('302 BAD DATA 1 enabled "[[base-cce.invalidData]]" 401 FAIL', join(' ', @{command($socket, 'SET 1 . Snmp enabled = "5"')}), 'the answer');
});
step('CREATE, FIND and DESTROY', sub {
    my $answer = command($socket, 'CREATE mx2 domain = "socket.test", mapto = "mx.socket.test"');
    my ($oid) = $answer->[0] =~ /^104 OBJECT (\d+)$/ or die "no object: @$answer\n";
    same("104 OBJECT $oid", command($socket, 'FIND mx2 domain = "socket.test"')->[0], 'the find');
    same("104 OBJECT $oid", command($socket, 'FIND mx2 mapto ~ "^mx\\\\.socket"')->[0], 'the find by a pattern');
    same('201 OK', join(' ', @{command($socket, "DESTROY $oid")}), 'the destroy');
});
step('a transaction is seen by nobody before its COMMIT', sub {
    my $other = connect_to($settings->{socket});
    command($other, "AUTHKEY $settings->{user} $session");
    command($socket, 'BEGIN');
    command($socket, 'SET 1 . Snmp readCommunity = "inside"');
    my ($changed) = grep { /^103 / } @{command($socket, 'GET 1 . Snmp')};
    same('103 DATA readCommunity = "inside"', $changed, 'the changed value');
    same('public', values_of(command($other, 'GET 1 . Snmp'))->{readCommunity}, 'what the other sees');
    same('201 OK', command($socket, 'COMMIT')->[-1], 'the commit');
    same('inside', values_of(command($other, 'GET 1 . Snmp'))->{readCommunity}, 'what the other sees after it');
    command($other, 'SET 1 . Snmp readCommunity = "public"');
    command($other, 'BYE');
});
step('a command that is wrong leaves the connection in order', sub {
    same('306 ERROR COMMAND PARSE ERROR 402 BAD COMMAND', join(' ', @{command($socket, 'SET 6 description = "unterminated')}), 'the answer');
    same('402 BAD COMMAND', command($socket, 'NONSENSE')->[0], 'the answer');
    same('403 BAD PARAMETERS', command($socket, 'GET')->[0], 'the answer');
    same('104 OBJECT 6', command($socket, 'WHOAMI')->[0], 'whoami');
});
step('three commands in one write are answered in order', sub {
    my $third = connect_to($settings->{socket});
    print {$third} "AUTHKEY $settings->{user} $session\nGET 1 . Snmp\nBYE\n";
    my $all = do { local $/; <$third> };
    my @ends = $all =~ /^([24]\d\d .*)$/mg;
    same('201 OK,201 OK,202 GOODBYE', join(',', @ends), 'the ends');
    die "no empty line after GOODBYE\n" unless $all =~ /\n202 GOODBYE\r?\n\r?\n\z/;
});
step('ENDKEY ends the session for all', sub {
    same('201 OK', command($socket, 'ENDKEY')->[0], 'the answer');
    my $other = connect_to($settings->{socket});
    same('401 FAIL', command($other, "AUTHKEY $settings->{user} $session")->[-1], 'AUTHKEY');
    same('202 GOODBYE', command($socket, 'BYE')->[0], 'the answer');
});
step('the admin socket may write until an AUTH fails', sub {
    my $admin = connect_to($settings->{admin_socket});
    same('104 OBJECT -1', command($admin, 'WHOAMI')->[0], 'whoami');
    same('201 OK', command($admin, 'SET 1 . Snmp enabled = "0"')->[-1], 'the write');
    same('401 FAIL', command($admin, 'AUTH admin wrong')->[-1], 'the AUTH');
    same('304 PERMISSION DENIED enabled', command($admin, 'SET 1 . Snmp enabled = "1"')->[0], 'the write after it');
});
step('socat', sub {
    my $out = qx(printf 'CLASSES\\nBYE\\n' | socat -t 5 - UNIX-CONNECT:$settings->{socket});
    die "no classes: $out\n" unless $out =~ /^110 CLASS Vsite$/m && $out =~ /^202 GOODBYE$/m;
});
exit($failures == 0 ? 0 : 1);
