package org.processmanager.ipc.internal;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * Ends of channels, and blocked senders, as events of the JDK's flight recorder. Loaded only after a recording was seen by
 * {@code JfrState}.
 */
public final class ChannelEvents {
    private ChannelEvents() {}

    /** An end was opened, named as in messages: {@code sender of mapped:jobs}. */
    static void opened(String end) {
        ChannelOpen event = new ChannelOpen();
        if (event.shouldCommit()) {
            event.end = end;
            event.commit();
        }
    }

    /** An end was closed. */
    static void closed(String end) {
        ChannelClose event = new ChannelClose();
        if (event.shouldCommit()) {
            event.end = end;
            event.commit();
        }
    }

    /** A sender begins to wait for room; the event is for {@link #unblocked}. */
    public static Object blocked() {
        SenderBlocked event = new SenderBlocked();
        event.begin();
        return event;
    }

    /** A sender no longer waits: commits the event if the wait was above the threshold of the recordings. */
    public static void unblocked(Object blocked, String endpoint) {
        SenderBlocked event = (SenderBlocked) blocked;
        event.end();
        if (event.shouldCommit()) {
            event.endpoint = endpoint;
            event.commit();
        }
    }

    @Name("org.processmanager.SenderBlocked")
    @Label("Sender Blocked")
    @Category("ProcessManager")
    @Threshold("10 ms")
    static final class SenderBlocked extends Event {
        @Label("Endpoint")
        @Nullable
        String endpoint;
    }

    @Name("org.processmanager.ChannelOpen")
    @Label("Channel Open")
    @Category("ProcessManager")
    @StackTrace(false)
    static final class ChannelOpen extends Event {
        @Label("End")
        @Nullable
        String end;
    }

    @Name("org.processmanager.ChannelClose")
    @Label("Channel Close")
    @Category("ProcessManager")
    @StackTrace(false)
    static final class ChannelClose extends Event {
        @Label("End")
        @Nullable
        String end;
    }
}
