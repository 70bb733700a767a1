package org.processmanager.examples.app.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.Input;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManagerException;

/**
 * The streams of a command: standard output, which is its answer, standard error for everything else, and standard input; and
 * the signals of the process. A command that is run within another program has none of the latter.
 */
public final class Terminal {
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final String DUMB = "dumb";
    private static final String CLEAR_LINE = "\r\033[K";

    private final InputStream in;
    private final OutputStream target;
    private final Answer answer;
    private final PrintStream out;
    private final PrintStream err;
    /** For what overwrites a line. */
    private final PrintStream rawErr;

    private final boolean isProcess;
    /** Cancels this command of a shell; null if it is the only one of this process. */
    private final @Nullable Runnable cancel;
    /** Takes back what the command changed in this process; guarded by itself. */
    private final Deque<Runnable> undo = new ArrayDeque<>();

    private Terminal(InputStream in, OutputStream out, PrintStream err, boolean isProcess, @Nullable Runnable cancel) {
        this.in = in;
        this.cancel = cancel;
        target = out;
        answer = new Answer(out);
        this.out = new PrintStream(new BufferedOutputStream(answer, BUFFER_BYTES), false, StandardCharsets.UTF_8);
        this.err = new PrintStream(new PrintableStream(err), true, StandardCharsets.UTF_8);
        rawErr = err;
        this.isProcess = isProcess;
    }

    /** Returns the streams of this process, in UTF-8 for any locale. */
    public static Terminal ofThisProcess() {
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new Terminal(
                new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out), err, true, null);
    }

    /** Returns the given streams, none of which is a terminal. Standard output is buffered until {@link #flush()}. */
    public static Terminal of(InputStream in, OutputStream out, PrintStream err) {
        return new Terminal(in, out, err, false, null);
    }

    /** Runs an action on a signal, named as {@code INT}; the signal then no longer ends this process. */
    public void onSignal(String name, Runnable action) {
        if (isProcess) {
            Runnable restore = Signals.handle(name, action);
            if (restore != null) {
                addUndo(restore);
            }
        }
    }

    /** Runs an action when the JVM exits. */
    public void atExit(Runnable action) {
        if (isProcess) {
            Thread hook = new Thread(action, "clean-up");
            Runtime.getRuntime().addShutdownHook(hook);
            addUndo(() -> {
                try {
                    Runtime.getRuntime().removeShutdownHook(hook);
                } catch (IllegalStateException e) {
                    // the JVM exits already
                }
            });
        }
    }

    /** Ends this command because of Ctrl-C: in a shell the command alone, else this process. */
    public void exit(int code) {
        if (cancel == null) {
            System.exit(code);
        } else {
            cancel.run();
        }
    }

    /** Returns whether this is a command of a shell. */
    public boolean isInShell() {
        return cancel != null;
    }

    /**
     * Returns the streams for one command of a shell. They write where this terminal writes.
     *
     * @param onExit ends the command
     */
    public Terminal forCommand(Runnable onExit) {
        return new Terminal(echoesInput() ? new TypedInput() : in, target, rawErr, isProcess, onExit);
    }

    /** Takes back what a command of a shell changed in this process: handlers of signals, actions at exit, open input. */
    public void release() {
        flush();
        synchronized (undo) {
            while (!undo.isEmpty()) {
                undo.pop().run();
            }
        }
        if (in instanceof TypedInput typed) {
            typed.close();
        }
    }

    private void addUndo(Runnable action) {
        synchronized (undo) {
            undo.push(action);
        }
    }

    /** Returns the unbuffered input. */
    public InputStream in() {
        return in;
    }

    /** Returns whether the user types at the terminal that shows the output. */
    public boolean echoesInput() {
        return isProcess && device(0) != null && device(1) != null;
    }

    /** Returns standard output for data, such as JSON; lines for a user are for {@link #say} and {@link Table}. */
    public PrintStream out() {
        return out;
    }

    /** Returns standard error, which replaces all unsafe characters. */
    public PrintStream err() {
        return err;
    }

    /** Returns whether a line that overwrites itself may be shown: only if all output goes to a terminal that can do it. */
    public boolean showsProgress() {
        return isProcess && device(1) != null && device(2) != null && canMoveCursor();
    }

    /** Returns whether the type of the terminal is known and not a dumb one. */
    static boolean canMoveCursor() {
        String type = System.getenv("TERM");
        return type != null && !type.isEmpty() && !type.equals(DUMB);
    }

    /** Returns whether the user wants colours and the like, by the variable NO_COLOR: any value but the empty one means no. */
    public static boolean wantsStyles() {
        String value = System.getenv("NO_COLOR");
        return value == null || value.isEmpty();
    }

    /** Returns whether standard output may have colors: on a terminal that has some, unless NO_COLOR is set. */
    public boolean showsColors() {
        String none = System.getenv("NO_COLOR");
        boolean wanted = (none == null || none.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
        return wanted && isProcess && device(1) != null;
    }

    /** Returns the width of the terminal; unbounded without one, or if it reports none. */
    public int columns() {
        Path device = isProcess ? device(1) : null;
        return device == null ? Integer.MAX_VALUE : ask(device, 1);
    }

    /** Returns the height of the terminal; unbounded without one, or if it reports none. */
    public int rows() {
        Path device = isProcess ? device(1) : null;
        return device == null ? Integer.MAX_VALUE : ask(device, 0);
    }

    /** Writes one line to standard output. */
    public void say(String text) {
        out.println(Printable.line(text));
    }

    /** Overwrites the current line of standard error; the next one starts there too. */
    public void overwrite(String text) {
        rawErr.print(CLEAR_LINE + Printable.line(text));
        rawErr.flush();
    }

    /** Writes one line to standard error; line breaks in the text become semicolons. */
    public void complain(String text) {
        err.println("pm: " + text.strip().replaceAll("\\s*\\R\\s*", "; "));
    }

    public void flush() {
        out.flush();
        err.flush();
    }

    /** Reports a lost part of the answer and returns whether there is one; a write to a closed pipe loses nothing. */
    public boolean hasLostAnswer() {
        flush();
        String why = answer.lostBecause();
        if (why != null) {
            complain("the answer cannot be written to standard output: " + why);
        }
        return why != null;
    }

    /** Returns whether this process has a controlling terminal, which may differ from its streams. */
    public static boolean isThere() {
        try {
            new FileInputStream("/dev/tty").close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Asks {@code stty}, because the JDK has no call for it; takes some milliseconds.
     *
     * @param which 0 for the rows, 1 for the columns
     */
    private static int ask(Path device, int which) {
        try {
            String[] size = Command.of("stty", "size")
                    .stdin(Input.of(device))
                    .stderr(Output.discard())
                    .run()
                    .stdoutText()
                    .strip()
                    .split(" ");
            int number = size.length == 2 ? Integer.parseInt(size[which]) : 0;
            return number > 0 ? number : Integer.MAX_VALUE;
        } catch (ProcessManagerException | NumberFormatException e) {
            return Integer.MAX_VALUE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Integer.MAX_VALUE;
        }
    }

    private static @Nullable Path device(int descriptor) {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            String name = target.toString();
            boolean terminal =
                    name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
            return terminal ? target : null;
        } catch (IOException e) {
            return null; // closed, or a system without /proc
        }
    }
}
