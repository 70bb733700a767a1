package org.processmanager.core.internal.event;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.ChildChanged;
import org.processmanager.core.event.ProcessEvent.LaunchFailed;
import org.processmanager.core.event.ProcessEvent.ProcessEnded;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.core.event.ProcessEvent.ThreadEnded;
import org.processmanager.core.event.ProcessEvent.ThreadStarted;
import org.processmanager.core.internal.util.JfrState;

/** Events of the library as events of the JDK's flight recorder. Loaded only after a recording was seen by {@link JfrState}. */
final class JfrEvents {
    private JfrEvents() {}

    /** Commits an event, if the recordings want its type. */
    static void commit(ProcessEvent event) {
        if (event instanceof ProcessStarted e) {
            commit(e);
        } else if (event instanceof ProcessEnded e) {
            commit(e);
        } else if (event instanceof LaunchFailed e) {
            commit(e);
        } else if (event instanceof ThreadStarted e) {
            commit(e);
        } else if (event instanceof ThreadEnded e) {
            commit(e);
        } else if (event instanceof ChildChanged e) {
            commit(e);
        }
    }

    private static void commit(ProcessStarted e) {
        ProcessStart out = new ProcessStart();
        if (out.shouldCommit()) {
            out.pid = e.pid();
            out.name = e.name();
            out.commandLine = e.commandLine();
            out.commit();
        }
    }

    private static void commit(ProcessEnded e) {
        ProcessExit out = new ProcessExit();
        if (out.shouldCommit()) {
            out.pid = e.pid();
            out.name = e.name();
            out.status = e.status().toString();
            out.exitCode = e.status() instanceof ExitStatus.Exited exited ? exited.code() : -1;
            out.signal = e.status() instanceof ExitStatus.Signaled signaled
                    ? signaled.signal().name()
                    : null;
            out.endReason = e.endReason().name();
            out.lifetime = nanos(e.duration());
            out.commit();
        }
    }

    private static void commit(LaunchFailed e) {
        ProcessLaunchFailure out = new ProcessLaunchFailure();
        if (out.shouldCommit()) {
            out.name = e.name();
            out.commandLine = e.commandLine();
            out.reason = e.reason();
            out.commit();
        }
    }

    private static void commit(ThreadStarted e) {
        ManagedThreadStart out = new ManagedThreadStart();
        if (out.shouldCommit()) {
            out.name = e.name();
            out.virtualThread = e.virtual();
            out.commit();
        }
    }

    private static void commit(ThreadEnded e) {
        ManagedThreadEnd out = new ManagedThreadEnd();
        if (out.shouldCommit()) {
            out.name = e.name();
            out.outcome = e.outcome().name();
            out.failure = e.failure().orElse(null);
            out.lifetime = nanos(e.duration());
            out.commit();
        }
    }

    private static void commit(ChildChanged e) {
        SupervisedChildState out = new SupervisedChildState();
        if (out.shouldCommit()) {
            out.name = e.child();
            out.state = e.state().name();
            out.restarts = e.restarts();
            out.reason = e.reason().orElse(null);
            out.commit();
        }
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE; // 292 years
        }
    }

    @Name("org.processmanager.ProcessStart")
    @Label("Process Start")
    @Category("ProcessManager")
    @StackTrace(false)
    static final class ProcessStart extends Event {
        @Label("PID")
        long pid;

        @Label("Name")
        @Nullable
        String name;

        @Label("Command Line")
        @Nullable
        String commandLine;
    }

    @Name("org.processmanager.ProcessExit")
    @Label("Process Exit")
    @Category("ProcessManager")
    @StackTrace(false)
    static final class ProcessExit extends Event {
        @Label("PID")
        long pid;

        @Label("Name")
        @Nullable
        String name;

        @Label("Status")
        @Nullable
        String status;

        /** The code, or -1 without one. */
        @Label("Exit Code")
        int exitCode;

        @Label("Signal")
        @Nullable
        String signal;

        @Label("End Reason")
        @Nullable
        String endReason;

        @Label("Lifetime")
        @Timespan(Timespan.NANOSECONDS)
        long lifetime;
    }

    @Name("org.processmanager.ProcessLaunchFailure")
    @Label("Process Launch Failure")
    @Category("ProcessManager")
    @StackTrace(false)
    static final class ProcessLaunchFailure extends Event {
        @Label("Name")
        @Nullable
        String name;

        @Label("Command Line")
        @Nullable
        String commandLine;

        @Label("Reason")
        @Nullable
        String reason;
    }

    @Name("org.processmanager.ManagedThreadStart")
    @Label("Managed Thread Start")
    @Category("ProcessManager")
    @StackTrace(false)
    static final class ManagedThreadStart extends Event {
        @Label("Name")
        @Nullable
        String name;

        @Label("Virtual")
        boolean virtualThread;
    }

    @Name("org.processmanager.ManagedThreadEnd")
    @Label("Managed Thread End")
    @Category("ProcessManager")
    @StackTrace(false)
    static final class ManagedThreadEnd extends Event {
        @Label("Name")
        @Nullable
        String name;

        @Label("Outcome")
        @Nullable
        String outcome;

        @Label("Failure")
        @Nullable
        String failure;

        @Label("Lifetime")
        @Timespan(Timespan.NANOSECONDS)
        long lifetime;
    }

    @Name("org.processmanager.SupervisedChildState")
    @Label("Supervised Child State")
    @Category("ProcessManager")
    @StackTrace(false)
    static final class SupervisedChildState extends Event {
        @Label("Name")
        @Nullable
        String name;

        @Label("State")
        @Nullable
        String state;

        @Label("Restarts")
        int restarts;

        @Label("Reason")
        @Nullable
        String reason;
    }
}
