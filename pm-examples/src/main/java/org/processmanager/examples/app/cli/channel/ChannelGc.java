package org.processmanager.examples.app.cli.channel;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.ipc.Endpoint;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.SharedMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pm channel gc}: removes channels that no process holds. */
@Command(
        name = "gc",
        description = {
            "Removes channels that no process holds: mapped files, FIFOs and sockets.",
            "",
            "Without endpoints it looks at the named channels, and leaves those of the last minute, because a process may be"
                    + " about to open them. A channel with messages that were not received stays, unless --with-messages is"
                    + " given. Of FIFOs it knows the processes that /proc shows to this user.",
            "",
            "Exit code 1 if a channel that was named stays, 3 if there is no such channel."
        })
final class ChannelGc implements Callable<Integer> {
    private static final Duration BEING_MADE = Duration.ofMinutes(1);

    private final Terminal terminal;

    @Parameters(
            paramLabel = "ENDPOINT",
            arity = "0..*",
            converter = Channels.EndpointConverter.class,
            description = "The channels (default: all named ones).")
    private List<Endpoint> endpoints = List.of();

    @Option(names = "--with-messages", description = "Also channels with messages that were not received.")
    private boolean withMessages;

    @Option(names = "--dry-run", description = "Only say what would be removed.")
    private boolean dryRun;

    ChannelGc(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (endpoints.isEmpty()) {
            FoundChannel.in(SharedMemory.directory()).stream()
                    .filter(channel -> isOld(channel.file()))
                    .filter(channel -> reasonToStay(channel) == null)
                    .forEach(this::remove);
            return ExitCode.OK;
        }
        int worst = ExitCode.OK;
        for (FoundChannel channel : endpoints.stream().map(FoundChannel::of).toList()) {
            String reason = reasonToStay(channel);
            if (reason != null) {
                terminal.complain(channel.endpoint() + " stays: " + reason);
                worst = ExitCode.FAILED;
            } else {
                worst = Math.max(worst, remove(channel));
            }
        }
        return worst;
    }

    private @Nullable String reasonToStay(FoundChannel channel) {
        if (channel.isInUse()) {
            return "in use"
                    + (channel.ends().isEmpty() ? "" : " by " + channel.ends().get(0));
        }
        return channel.hasMessages() && !withMessages
                ? channel.unreceived() + " not received; --with-messages removes them too"
                : null;
    }

    private static boolean isOld(Path file) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(Instant.now().minus(BEING_MADE));
        } catch (IOException e) {
            return false;
        }
    }

    private int remove(FoundChannel channel) {
        if (dryRun) {
            terminal.say("would remove " + channel.file());
            return ExitCode.OK;
        }
        try {
            boolean removed =
                    switch (channel.endpoint().scheme()) {
                        case "mapped" -> removeRegion(channel);
                        case "unix" -> !hasListener(channel.file()) && Files.deleteIfExists(channel.file());
                        default -> Files.deleteIfExists(channel.file());
                    };
            if (removed) {
                terminal.say("removed " + channel.file());
            } else {
                terminal.complain(channel.endpoint() + " stays: another process uses it now");
            }
            return removed ? ExitCode.OK : ExitCode.FAILED;
        } catch (RegionException | IOException e) {
            terminal.complain("cannot remove " + channel.file() + ": " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    /** Another process may have opened it or sent something since; the handle for deleting it is the only expected one. */
    private boolean removeRegion(FoundChannel channel) {
        try (SharedMemory region = SharedMemory.open(channel.file())) {
            long living = SharedMemory.snapshot(channel.file()).participants().stream()
                    .filter(RegionSnapshot.Participant::alive)
                    .count();
            boolean unused = living == 1 && reasonToStay(FoundChannel.of(channel.endpoint())) == null;
            if (unused) {
                region.delete();
            }
            return unused;
        }
    }

    /** Asks the kernel, since a listener in another network namespace is not in this one's list. */
    private static boolean hasListener(Path socket) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException e) {
            return false; // refused
        }
    }
}
