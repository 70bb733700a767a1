package org.processmanager.examples.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.core.Command;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManagerException;

/** Where a command writes: standard output, which is its answer, and standard error, which is everything else. */
public final class Terminal {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean outIsTerminal;
    private final boolean errIsTerminal;

    Terminal(PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal) {
        this.out = out;
        this.err = err;
        this.outIsTerminal = outIsTerminal;
        this.errIsTerminal = errIsTerminal;
    }

    /** The streams of this process, in UTF-8 whatever the locale. Standard output is buffered until {@link #flush()}. */
    public static Terminal ofThisProcess() {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
                false,
                StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new Terminal(out, err, isTerminal(1), isTerminal(2));
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    /** Whether somebody watches standard output; false where that cannot be known. */
    public boolean outIsTerminal() {
        return outIsTerminal;
    }

    /** Whether a line that overwrites itself may be shown: only if no part of the output goes elsewhere. */
    public boolean showsProgress() {
        return outIsTerminal && errIsTerminal;
    }

    /** The width of the terminal; without one, or where it does not tell, there is no bound. */
    public int columns() {
        return outIsTerminal ? askWidth() : Integer.MAX_VALUE;
    }

    /** One line on standard error, whatever line breaks the text holds. */
    public void complain(String text) {
        err.println("pm: " + text.strip().replaceAll("\\s*\\R\\s*", "; "));
    }

    public void flush() {
        out.flush();
        err.flush();
    }

    /** Whether this process has a controlling terminal, wherever its streams go. */
    static boolean isThere() {
        try {
            new FileInputStream("/dev/tty").close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** By {@code stty}, since the JDK has no call for it; costs some milliseconds. */
    private static int askWidth() {
        try {
            String[] size = Command.shell("stty size </dev/tty")
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

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
