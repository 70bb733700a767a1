package org.processmanager.examples.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.examples.app.cli.App;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;

/** Loads the classes of which the build makes an archive for the children of tests. */
final class WarmUp implements ChildProgram {
    @Override
    public void register(ChildCommands commands) throws IOException {
        Path file = Files.writeString(Files.createTempFile("pm-warm-up", null), "two words\n");
        byte[] input = "1\ntrue --\n5\ntext\n6\n".getBytes(StandardCharsets.UTF_8);
        OutputStream none = OutputStream.nullOutputStream();
        Terminal terminal = Terminal.of(new ByteArrayInputStream(input), none, new PrintStream(none));
        App.run(terminal, "--log", "/dev/null", "menu");
        App.run(terminal, "--log", "/dev/null", "demo", "--threads", "--input", file.toString());
        Files.delete(file);
    }
}
