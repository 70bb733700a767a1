package org.processmanager.examples.app.cli.top;

import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.monitor.ProcessSnapshot;

/** What a key asks of the loop, beyond another state. */
sealed interface Request {
    /** To end the view. */
    record Quit(int exitCode) implements Request {}

    /** To suspend this process, as Ctrl-Z does. */
    record Suspend() implements Request {}

    /** To write the whole screen again. */
    record Redraw() implements Request {}

    /** To stop a process with its descendants. */
    record Stop(ProcessSnapshot process, StopPolicy policy) implements Request {}

    /** To send a signal to a process. */
    record Send(ProcessSnapshot process, Signal signal) implements Request {}
}
