package org.processmanager.examples.app.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;

/**
 * The terminal of this process, each key of which is read when it is pressed, and whose screen a view has for itself. Closing
 * it, and the end of this process by a signal that can be handled, restores both.
 *
 * <p>Keys are read by the caller's thread from standard input, with a time that the kernel bounds ({@code VTIME}): no thread
 * waits beside it, which would take a key of the next reader, and nothing wakes up in between. JLine's own reader wakes up ten
 * times a second for that.
 *
 * <p>Thread-safe, except for {@link #read}, which is for one thread.
 */
public final class RawTerminal implements AutoCloseable {
    /** Another screen, no cursor, and long lines are cut instead of continued. */
    private static final String ENTER = "\033[?1049h\033[?25l\033[?7l";

    private static final String LEAVE = "\033[?7h\033[?25h\033[?1049l";
    private static final int MOST_BYTES = 256;
    private static final int MOST_TENTHS = 50;
    private static final Duration TENTH = Duration.ofMillis(100);
    /** How many reads in a row that return nothing, long before their time, are the end of the input. */
    private static final int EARLY_READS = 3;

    private final Terminal terminal;
    private final org.jline.terminal.Terminal jline;
    private final Attributes before;

    private final Object lock = new Object();
    // Guarded by the lock:
    private int tenths;
    private boolean closed;

    private int earlyReads;

    private RawTerminal(Terminal terminal, org.jline.terminal.Terminal jline) {
        this.terminal = terminal;
        this.jline = jline;
        before = jline.getAttributes();
    }

    /** Returns the terminal of this process; empty without one, or if JLine cannot open it. */
    public static Optional<RawTerminal> open(Terminal terminal) {
        return JLineTerminal.open(terminal).map(jline -> {
            RawTerminal raw = new RawTerminal(terminal, jline);
            terminal.atExit(raw::close);
            raw.enter();
            return raw;
        });
    }

    private void enter() {
        synchronized (lock) {
            tenths = 0;
            setTime(MOST_TENTHS);
            write(ENTER);
        }
    }

    /** Sets the mode again, and what of the screen is not its content; for a process that continues after a suspension. */
    public void reenter() {
        synchronized (lock) {
            if (!closed) {
                enter();
            }
        }
    }

    /** Restores the mode and the screen until {@link #reenter}. */
    public void leave() {
        synchronized (lock) {
            if (!closed) {
                write(LEAVE);
                jline.setAttributes(before);
            }
        }
    }

    private void setTime(int newTenths) {
        if (newTenths == tenths) {
            return;
        }
        tenths = newTenths;
        Attributes raw = new Attributes(before);
        raw.setLocalFlags(
                EnumSet.of(
                        Attributes.LocalFlag.ICANON,
                        Attributes.LocalFlag.ECHO,
                        Attributes.LocalFlag.IEXTEN,
                        Attributes.LocalFlag.ISIG),
                false);
        raw.setInputFlags(EnumSet.of(Attributes.InputFlag.IXON, Attributes.InputFlag.ICRNL), false);
        raw.setControlChar(Attributes.ControlChar.VMIN, 0);
        raw.setControlChar(Attributes.ControlChar.VTIME, newTenths);
        jline.setAttributes(raw);
    }

    /** Returns the width; 0 if the terminal does not know it. */
    public int columns() {
        return size().getColumns();
    }

    /** Returns the height; 0 if the terminal does not know it. */
    public int rows() {
        return size().getRows();
    }

    private Size size() {
        synchronized (lock) {
            return closed ? new Size(0, 0) : jline.getSize();
        }
    }

    /**
     * Runs an action that writes to the screen, unless the terminal is closed, which waits for the end of the action.
     */
    public void whileOpen(Runnable action) {
        synchronized (lock) {
            if (!closed) {
                action.run();
            }
        }
    }

    /**
     * Waits for keys.
     *
     * @param most how long at most, in steps of a tenth of a second, of at most five seconds
     * @return the keys; none if there were none in time; {@link Keys#END_OF_INPUT} at the end
     */
    public List<String> read(Duration most) {
        long steps = (most.toMillis() + TENTH.toMillis() - 1) / TENTH.toMillis();
        byte[] bytes = readBytes((int) Math.max(1, Math.min(MOST_TENTHS, steps)));
        if (bytes.length == 0) {
            return earlyReads >= EARLY_READS ? List.of(Keys.END_OF_INPUT) : List.of();
        }
        Keys.Decoded decoded = Keys.decode(bytes, false);
        List<String> keys = new ArrayList<>(decoded.keys());
        if (decoded.rest().length > 0) { // an escape character, or a sequence whose rest is on its way
            byte[] more = readBytes(1);
            byte[] rest = Arrays.copyOf(decoded.rest(), decoded.rest().length + more.length);
            System.arraycopy(more, 0, rest, decoded.rest().length, more.length);
            keys.addAll(Keys.decode(rest, true).keys());
        }
        return keys;
    }

    private byte[] readBytes(int newTenths) {
        synchronized (lock) {
            if (closed) {
                return new byte[0];
            }
            setTime(newTenths);
        }
        long begin = System.nanoTime();
        byte[] bytes = new byte[MOST_BYTES];
        int length;
        try {
            length = terminal.in().read(bytes);
        } catch (IOException e) { // the terminal is gone
            length = 0;
            earlyReads = EARLY_READS;
        }
        boolean early = length <= 0 && System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(50L * newTenths);
        earlyReads = early ? earlyReads + 1 : 0;
        return Arrays.copyOf(bytes, Math.max(0, length));
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            terminal.out().flush();
            write(LEAVE);
            try {
                jline.setAttributes(before);
                jline.close();
            } catch (IOException | RuntimeException e) {
                // the terminal is gone
            }
        }
    }

    /** Writes past the buffer of the terminal's stream, whose lock another thread may hold forever. */
    private static void write(String codes) {
        try {
            new FileOutputStream(FileDescriptor.out).write(codes.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // the terminal is gone
        }
    }
}
