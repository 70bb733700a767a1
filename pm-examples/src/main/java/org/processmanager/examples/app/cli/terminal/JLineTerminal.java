package org.processmanager.examples.app.cli.terminal;

import java.io.IOException;
import java.util.Optional;
import org.jline.terminal.TerminalBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the terminal of this process with JLine, for its modes, its size and line editing. JLine is loaded by this class alone,
 * so that commands without a dialog start without it.
 */
public final class JLineTerminal {
    private static final Logger LOG = LoggerFactory.getLogger(JLineTerminal.class);

    private JLineTerminal() {}

    /**
     * Returns whether the user types at the terminal that shows the output, and that terminal can move its cursor. Loads
     * nothing.
     */
    public static boolean isUsable(Terminal terminal) {
        return terminal.echoesInput() && Terminal.canMoveCursor();
    }

    /**
     * Opens the terminal. No signal of this process is handled until the caller handles it there; its modes are restored by
     * closing it, and when this process ends by a signal that runs shutdown hooks.
     *
     * @return the terminal; empty if it is not usable or JLine cannot open it
     */
    public static Optional<org.jline.terminal.Terminal> open(Terminal terminal) {
        if (!isUsable(terminal)) {
            return Optional.empty();
        }
        try {
            return Optional.of(TerminalBuilder.builder()
                    .name("pm")
                    .system(true)
                    .dumb(false)
                    .nativeSignals(false)
                    .build());
        } catch (IOException | IllegalStateException | LinkageError e) {
            LOG.info("no keys: the terminal could not be opened", e);
            return Optional.empty();
        }
    }
}
