package org.processmanager.ipc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.sync.OpenMode;

/** Loads the classes of which the build makes an archive for the children of tests. */
final class WarmUp implements ChildProgram {
    @Override
    public void register(ChildCommands commands) throws InterruptedException, IOException {
        new ChannelPeer().register(commands);
        Path directory = Files.createTempDirectory("pm-warm-up");
        for (String scheme : new String[] {"mapped:", "fifo:", "unix:"}) {
            try (MessageReceiver receiver = Ipc.receiver(scheme + directory.resolve("channel"), OpenMode.CREATE_NEW);
                    MessageSender sender = Ipc.sender(scheme + directory.resolve("channel"), OpenMode.OPEN_OR_CREATE)) {
                sender.send(new byte[8]);
                receiver.receive();
            }
            try (Stream<Path> files = Files.list(directory)) {
                files.forEach(file -> file.toFile().delete());
            }
        }
        Files.delete(directory);
    }
}
