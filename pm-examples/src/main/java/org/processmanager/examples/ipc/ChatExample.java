package org.processmanager.examples.ipc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.OpenMode;

/**
 * A chat without a server: each member has a FIFO in the directory of the room, from which it receives what the others send.
 * {@code java ChatExample DIRECTORY NAME} is a member that says the lines of its standard input and prints what it hears.
 */
public final class ChatExample {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String BYE = "host: bye";

    private final Path room;
    private final String name;

    private ChatExample(Path room, String name) {
        this.room = room;
        this.name = name;
    }

    /** Opens a room for two members and listens; with a room and a name, is a member. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 2) {
            new ChatExample(Path.of(args[0]), args[1]).join();
            return;
        }
        Path room = Files.createTempDirectory("pm-example-");
        ChatExample host = new ChatExample(room, "host");
        try (ProcessManager manager = ProcessManager.create();
                MessageReceiver inbox = host.inbox()) {
            ManagedProcess anna = start(manager, room, "anna");
            ManagedProcess ben = start(manager, room, "ben");
            TreeSet<String> heard = new TreeSet<>();
            while (heard.size() < 4) { // a member that joins later does not hear what was said before
                heard.add(inbox.receive(Codec.utf8()));
            }
            heard.forEach(System.out::println);
            host.say("bye");
            System.out.println("anna left with " + anna.await().status());
            System.out.println("ben left with " + ben.await().status());
        } finally {
            Files.deleteIfExists(room);
        }
    }

    private static ManagedProcess start(ProcessManager manager, Path room, String name) {
        return ChildJava.command(manager, ChatExample.class, room.toString(), name)
                .stdin(Input.of("I am here\nand have nothing to say\n"))
                .start();
    }

    /** A receiver that waits for the next member when all others have left; closing it removes the FIFO. */
    private MessageReceiver inbox() {
        return Ipc.receiver(Endpoint.of("fifo", room.resolve(name)).with("end", "never"));
    }

    private void join() throws IOException, InterruptedException {
        try (MessageReceiver inbox = inbox()) {
            Thread speaker = new Thread(this::sayLines, "speaker");
            speaker.setDaemon(true);
            speaker.start();
            String heard;
            do {
                heard = inbox.receive(Codec.utf8());
                System.out.println(heard);
            } while (!BYE.equals(heard));
        }
    }

    private void sayLines() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                say(line);
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("cannot say more: " + e);
        }
    }

    /** Sends a line to all other members that are present. */
    private void say(String line) throws IOException, InterruptedException {
        List<Path> others;
        try (Stream<Path> inboxes = Files.list(room)) {
            others = inboxes.filter(inbox -> !inbox.endsWith(name)).toList();
        }
        for (Path other : others) {
            try (MessageSender sender = Ipc.sender(Endpoint.of("fifo", other), OpenMode.OPEN_EXISTING)) {
                SendStatus status = sender.send(name + ": " + line, Codec.utf8(), PATIENCE);
                if (status != SendStatus.SENT) {
                    System.err.println(other.getFileName() + " does not listen: " + status);
                }
            } catch (ChannelException e) {
                System.err.println(other.getFileName() + " has left: " + e.getMessage());
            }
        }
    }
}
