package org.processmanager.examples.app.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.Input;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManagerException;

/** Where a command writes: standard output, which is its answer, and standard error, which is everything else. */
public final class Terminal {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final Answer answer;
    private final PrintStream out;
    private final PrintStream err;
    private final @Nullable Path outDevice;
    private final @Nullable Path errDevice;

    /**
     * Streams, and the terminals that they are, null where they are none. Standard output is buffered until
     * {@link #flush()}.
     */
    public Terminal(OutputStream out, PrintStream err, @Nullable Path outDevice, @Nullable Path errDevice) {
        answer = new Answer(out);
        this.out = new PrintStream(new BufferedOutputStream(answer, BUFFER_BYTES), false, StandardCharsets.UTF_8);
        this.err = err;
        this.outDevice = outDevice;
        this.errDevice = errDevice;
    }

    /** The streams of this process, in UTF-8 whatever the locale. */
    public static Terminal ofThisProcess() {
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new Terminal(new FileOutputStream(FileDescriptor.out), err, device(1), device(2));
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    /** Whether a line that overwrites itself may be shown: only if no part of the output goes elsewhere. */
    public boolean showsProgress() {
        return outDevice != null && errDevice != null;
    }

    /** The width of the terminal; without one, or where it does not tell, there is no bound. */
    public int columns() {
        return outDevice == null ? Integer.MAX_VALUE : askWidth(outDevice);
    }

    /** One line on standard error, whatever line breaks the text holds. */
    public void complain(String text) {
        err.println("pm: " + text.strip().replaceAll("\\s*\\R\\s*", "; "));
    }

    public void flush() {
        out.flush();
        err.flush();
    }

    /** Says so if something of the answer could not be written; nobody misses what a reader that is gone did not read. */
    public boolean hasLostAnswer() {
        flush();
        String why = answer.lostBecause();
        if (why != null) {
            complain("the answer cannot be written to standard output: " + why);
        }
        return why != null;
    }

    /** Whether this process has a controlling terminal, wherever its streams go. */
    public static boolean isThere() {
        try {
            new FileInputStream("/dev/tty").close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** By {@code stty}, since the JDK has no call for it; costs some milliseconds. */
    private static int askWidth(Path device) {
        try {
            String[] size = Command.of("stty", "size")
                    .stdin(Input.of(device))
                    .stderr(Output.discard())
                    .run()
                    .stdoutText()
                    .strip()
                    .split(" ");
            int columns = Integer.parseInt(size[size.length - 1]);
            return columns > 0 ? columns : Integer.MAX_VALUE;
        } catch (ProcessManagerException | NumberFormatException e) {
            return Integer.MAX_VALUE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Integer.MAX_VALUE;
        }
    }

    /** Whether a descriptor of this process is a terminal; false where that cannot be known. */
    public static boolean isTerminal(int descriptor) {
        return device(descriptor) != null;
    }

    private static @Nullable Path device(int descriptor) {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            String name = target.toString();
            boolean terminal =
                    name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
            return terminal ? target : null;
        } catch (IOException e) {
            return null; // closed, or a system without /proc, where nothing overwrites itself then
        }
    }
}
