package org.processmanager.examples.app.cli.channel;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.monitor.ProcessSnapshot;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.SimilarNames;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelInspection;
import org.processmanager.ipc.ChannelInspection.Lane;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.ChannelSnapshot.OpenClaim;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.Ipc;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.SharedMemory;

/**
 * A channel that has a file, as it looks from outside.
 *
 * @param endpoint what opens it
 * @param file its file
 * @param ends its senders and receivers; those of a socket's senders are unknown
 * @param connections how many senders are connected to a socket
 * @param inspection what its memory shows; null if the system keeps its messages
 */
record FoundChannel(
        Endpoint endpoint,
        Path file,
        List<End> ends,
        int connections,
        @Nullable ChannelInspection inspection) {
    /**
     * A process that sends or receives.
     *
     * @param suspended whether it is suspended by a signal or a debugger
     * @param waiting whether it waits for the other end
     * @param lagBytes what a receiver has yet to receive
     * @param note what else is known, mostly nothing
     * @param claim the open claim of a sender
     */
    record End(
            Role role,
            long pid,
            String process,
            boolean alive,
            boolean suspended,
            boolean waiting,
            long lagBytes,
            String note,
            Optional<OpenClaim> claim) {
        @Override
        public String toString() {
            return role.name().toLowerCase(Locale.ROOT)
                    + (pid == 0 ? " of an unknown process" : " pid " + pid)
                    + (process.isEmpty() ? "" : " (" + process + ")");
        }
    }

    private static final int TYPE = 0170000;
    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;
    private static final int FILE = 0100000;

    /**
     * Returns the channel of an endpoint.
     *
     * @throws CommandFailure if there is none, or its scheme has no file
     */
    static FoundChannel of(Endpoint endpoint) {
        Path file = endpoint.target().contains("/")
                ? Path.of(endpoint.target()).toAbsolutePath().normalize()
                : SharedMemory.directory().resolve(endpoint.target());
        try {
            return switch (endpoint.scheme()) {
                case "mapped" -> mapped(endpoint);
                case "fifo" -> checked(endpoint, file, FIFO, "FIFO");
                case "unix" -> checked(endpoint, file, SOCKET, "socket");
                default -> {
                    Ipc.inspect(endpoint.toString()); // says what is wrong with the scheme
                    throw new CommandFailure(
                            ExitCode.BAD_INPUT, "scheme of " + endpoint + " (expected: fifo, mapped, unix)");
                }
            };
        } catch (ChannelNotFoundException e) {
            throw new CommandFailure(ExitCode.NOTHING_THERE, e.getMessage() + similar(endpoint), e);
        } catch (ChannelException | RegionException | IllegalArgumentException | UnsupportedOperationException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
        }
    }

    private static FoundChannel checked(Endpoint endpoint, Path file, int type, String name) {
        int found = type(file);
        if (found != type) {
            throw found == 0
                    ? new CommandFailure(ExitCode.NOTHING_THERE, "there is no " + name + " " + file + similar(endpoint))
                    : new CommandFailure(ExitCode.BAD_INPUT, file + " is no " + name + "; see pm channel ls");
        }
        return type == FIFO ? fifo(endpoint, file) : socket(endpoint, file);
    }

    /** Returns a hint at channels with similar endpoints in the same directory, or nothing. */
    static String similar(Endpoint endpoint) {
        Path file = endpoint.target().contains("/")
                ? Path.of(endpoint.target()).toAbsolutePath().normalize()
                : SharedMemory.directory().resolve(endpoint.target());
        Path directory = file.getParent();
        List<String> known = directory == null || !Files.isDirectory(directory)
                ? List.of()
                : in(directory).stream()
                        .map(channel -> channel.endpoint().toString())
                        .toList();
        String wanted = endpoint.scheme() + ":" + endpoint.target();
        return SimilarNames.hint(SimilarNames.among(known, wanted));
    }

    /** Returns the channels in a directory, by name; other files are skipped. */
    static List<FoundChannel> in(Path directory) {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .flatMap(file -> at(file).stream())
                    .toList();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot list " + directory + ": " + e.getMessage(), e);
        }
    }

    private static Optional<FoundChannel> at(Path file) {
        int type = type(file);
        try {
            return switch (type) {
                case FIFO -> Optional.of(fifo(endpoint("fifo", file), file));
                case SOCKET -> Optional.of(socket(endpoint("unix", file), file));
                case FILE -> Optional.of(mapped(endpoint("mapped", file)));
                default -> Optional.empty();
            };
        } catch (ChannelException | IllegalArgumentException e) {
            return Optional.empty(); // deleted meanwhile, or another kind of file
        }
    }

    private static Endpoint endpoint(String scheme, Path file) {
        return SharedMemory.directory().equals(file.getParent())
                ? Endpoint.parse(scheme + ":" + file.getFileName())
                : Endpoint.of(scheme, file);
    }

    private static int type(Path file) {
        try {
            return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & TYPE;
        } catch (IOException e) {
            return 0;
        }
    }

    private static FoundChannel fifo(Endpoint endpoint, Path file) {
        List<End> ends = new ArrayList<>();
        for (FileHolders.Holder holder : FileHolders.ofFifo(file)) {
            ends.add(end(holder.reads() ? Role.RECEIVER : Role.SENDER, holder.pid()));
        }
        return new FoundChannel(endpoint, file, ends, 0, null);
    }

    private static FoundChannel socket(Endpoint endpoint, Path file) {
        List<End> ends = new ArrayList<>();
        for (FileHolders.Holder holder : FileHolders.ofSocket(file)) {
            ends.add(end(Role.RECEIVER, holder.pid()));
        }
        return new FoundChannel(endpoint, file, ends, FileHolders.connections(file), null);
    }

    private static End end(Role role, long pid) {
        Optional<ProcessSnapshot> process = ProcessTable.find(pid);
        return new End(
                role,
                pid,
                process.map(ProcessSnapshot::name).orElse(""),
                true,
                isSuspended(process),
                false,
                0,
                "",
                Optional.empty());
    }

    private static FoundChannel mapped(Endpoint endpoint) {
        ChannelInspection inspection = Ipc.inspect(endpoint.toString());
        List<End> ends = new ArrayList<>();
        for (ChannelInspection.End end : inspection.ends()) {
            boolean suspended = end.alive() && isSuspended(ProcessTable.find(end.pid()));
            ends.add(new End(
                    end.role(),
                    end.pid(),
                    end.process(),
                    end.alive(),
                    suspended,
                    end.waiting(),
                    end.lagBytes(),
                    end.note(),
                    end.claim()));
        }
        return new FoundChannel(endpoint, inspection.file(), ends, 0, inspection);
    }

    private static boolean isSuspended(Optional<ProcessSnapshot> process) {
        return process.map(ProcessSnapshot::state)
                .filter(state -> state == ProcessSnapshot.State.SUSPENDED)
                .isPresent();
    }

    /** Returns the living senders or receivers. */
    List<End> living(Role role) {
        return ends.stream().filter(end -> end.role() == role && end.alive()).toList();
    }

    int count(Role role) {
        return living(role).size() + (role == Role.SENDER ? connections : 0);
    }

    boolean isInUse() {
        return count(Role.SENDER) + count(Role.RECEIVER) > 0;
    }

    List<Lane> lanes() {
        return inspection == null ? List.of() : inspection.lanes();
    }

    long backlogBytes() {
        return inspection == null ? 0 : inspection.backlogBytes();
    }

    long queuedMessages() {
        return inspection == null ? 0 : inspection.queuedMessages();
    }

    /** Returns whether messages were sent and not received, as far as that is known. */
    boolean hasMessages() {
        return backlogBytes() > 0 || queuedMessages() > 0;
    }

    /** Returns what was sent and not received, with its unit; empty if it is unknown. */
    String unreceived() {
        if (inspection == null) {
            return "";
        }
        long count = lanes().isEmpty() ? queuedMessages() : backlogBytes();
        return count + (lanes().isEmpty() ? " message" : " byte") + (count == 1 ? "" : "s");
    }

    /** Returns the state in a few words. */
    String state() {
        if (inspection != null && inspection.damagedAt().isPresent()) {
            return "damaged";
        }
        if (ends.stream().anyMatch(End::suspended)) {
            return "suspended";
        }
        return isInUse() ? "in use" : hasMessages() ? "unreceived messages" : "unused";
    }

    private static void writeClaim(End end, JsonGenerator json) throws IOException {
        json.writeFieldName("claim");
        if (end.claim().isEmpty()) {
            json.writeNull();
            return;
        }
        OpenClaim claim = end.claim().get();
        json.writeStartObject();
        json.writeStringField("since", claim.since().toString());
        json.writeNumberField("position", claim.position());
        json.writeNumberField("thread", claim.threadId());
        json.writeEndObject();
    }

    void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("endpoint", endpoint.toString());
        json.writeStringField("file", file.toString());
        json.writeStringField("state", state());
        json.writeNumberField("senders", count(Role.SENDER));
        json.writeNumberField("receivers", count(Role.RECEIVER));
        json.writeNumberField("backlogBytes", backlogBytes());
        json.writeNumberField("queuedMessages", queuedMessages());
        json.writeFieldName("damagedAt");
        if (inspection != null && inspection.damagedAt().isPresent()) {
            json.writeNumber(inspection.damagedAt().getAsLong());
        } else {
            json.writeNull();
        }
        json.writeArrayFieldStart("ends");
        for (End end : ends) {
            json.writeStartObject();
            json.writeStringField("role", end.role().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("pid", end.pid());
            json.writeStringField("process", end.process());
            json.writeBooleanField("alive", end.alive());
            json.writeBooleanField("suspended", end.suspended());
            json.writeBooleanField("waiting", end.waiting());
            json.writeNumberField("lagBytes", end.lagBytes());
            json.writeStringField("note", end.note());
            writeClaim(end, json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("lanes");
        for (Lane lane : lanes()) {
            json.writeStartObject();
            json.writeNumberField("number", lane.number());
            json.writeNumberField("capacityBytes", lane.capacityBytes());
            json.writeNumberField("written", lane.written());
            json.writeNumberField("taken", lane.taken());
            json.writeNumberField("released", lane.released());
            json.writeNumberField("sendersSoFar", lane.sendersSoFar());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
