package org.processmanager.ipc.internal.report;

import java.time.Instant;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.internal.util.QuietLog;
import org.processmanager.ipc.Endpoint;

/** Reports the messages of one end to a listener. */
final class Reporter {
    private static final long PID = ProcessHandle.current().pid();

    private final EventListener listener;
    private final String endpoint;

    Reporter(EventListener listener, Endpoint endpoint) {
        this.listener = listener;
        this.endpoint = endpoint.toString();
    }

    void sent(int bytes) {
        report(new ProcessEvent.MessageSent(Instant.now(), PID, endpoint, bytes));
    }

    void received(int bytes) {
        report(new ProcessEvent.MessageReceived(Instant.now(), PID, endpoint, bytes));
    }

    private void report(ProcessEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException e) {
            QuietLog.log(Reporter.class, "a listener failed at an event of " + endpoint, e);
        }
    }
}
