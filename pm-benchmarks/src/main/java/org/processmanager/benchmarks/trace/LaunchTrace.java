package org.processmanager.benchmarks.trace;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Method;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventQueue;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodEntryRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Counts the types of this project that one warm call enters, and the frames above its system call.
 *
 * <p>The call runs in a JVM of its own, under the Java Debug Interface, where every entry of a method is an event. All
 * threads are followed from the start of the call until it returns. A nested class counts as the class around it, a lambda
 * as the class that contains it. The call is traced several times and the trace with the most types is reported, since the
 * threads interleave differently each time.
 */
public final class LaunchTrace {
    private static final String PROJECT = "org.processmanager.";
    private static final String TOOL = "org.processmanager.benchmarks.";

    private final MethodEntryRequest everything;
    private final EventQueue events;
    private final String systemCall;
    private final List<Trace> traces = new ArrayList<>();

    private record Trace(ThreadReference caller, Set<String> types, Set<String> typesOfCaller, List<String> stack) {
        Trace(ThreadReference caller) {
            this(caller, new TreeSet<>(), new TreeSet<>(), new ArrayList<>());
        }

        /** Frames of this project. */
        List<String> frames() {
            return stack.stream().filter(LaunchTrace::isCounted).toList();
        }
    }

    private LaunchTrace(VirtualMachine jvm, String systemCall) {
        this.systemCall = systemCall;
        events = jvm.eventQueue();
        everything = request(jvm, PROJECT + "*");
        request(jvm, TracedProgram.class.getName()).enable();
    }

    /** The traced call, by the name that {@link TracedProgram} takes. */
    public enum Call {
        LAUNCH("posix_spawn"),
        MUTEX("");

        /** The native method whose stack is reported; if empty, that with the deepest stack. */
        private final String systemCall;

        Call(String systemCall) {
            this.systemCall = systemCall;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Traces one call, of the libraries on the class path, and prints the counts.
     *
     * @param args {@code launch} or {@code mutex}; then {@code --list} to print the types and the stack as well
     */
    public static void main(String[] args) throws Exception {
        run(Call.valueOf(args[0].toUpperCase(Locale.ROOT)), List.of(args).contains("--list"), System.out);
    }

    /** Traces one call and prints the counts, and with {@code list} the types and the stack as well. */
    public static void run(Call call, boolean list, PrintStream out) throws Exception {
        LaunchTrace trace = new LaunchTrace(start(call), call.systemCall);
        trace.follow();
        trace.print(out, list);
    }

    private static VirtualMachine start(Call call) throws Exception {
        LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("options").setValue("-cp \"" + System.getProperty("java.class.path") + "\"");
        arguments.get("main").setValue(TracedProgram.class.getName() + " " + call);
        VirtualMachine jvm = connector.launch(arguments);
        copy(jvm.process().getErrorStream(), System.err);
        copy(jvm.process().getInputStream(), System.err);
        return jvm;
    }

    private static void copy(InputStream from, PrintStream to) {
        Thread thread = new Thread(() -> {
            try {
                from.transferTo(to);
            } catch (IOException e) {
                to.println(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static MethodEntryRequest request(VirtualMachine jvm, String classes) {
        MethodEntryRequest request = jvm.eventRequestManager().createMethodEntryRequest();
        request.addClassFilter(classes);
        request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        return request;
    }

    private void follow() throws InterruptedException, IncompatibleThreadStateException {
        while (true) {
            EventSet set = events.remove();
            for (Event event : set) {
                if (event instanceof VMDeathEvent || event instanceof VMDisconnectEvent) {
                    return;
                }
                if (event instanceof MethodEntryEvent entry) {
                    enter(entry.method(), entry.thread());
                }
            }
            set.resume();
        }
    }

    private void enter(Method method, ThreadReference thread) throws IncompatibleThreadStateException {
        String type = method.declaringType().name();
        if (type.equals(TracedProgram.class.getName())) {
            if (method.name().equals(TracedProgram.BEGIN)) {
                traces.add(new Trace(thread));
                everything.enable();
            } else if (method.name().equals(TracedProgram.END)) {
                everything.disable();
            }
        } else if (everything.isEnabled() && isCounted(type)) {
            record(traces.get(traces.size() - 1), method, thread);
        }
    }

    private void record(Trace trace, Method method, ThreadReference thread) throws IncompatibleThreadStateException {
        String type = outermost(method.declaringType().name());
        trace.types.add(type);
        if (thread.equals(trace.caller)) {
            trace.typesOfCaller.add(type);
            boolean isSystemCall = systemCall.isEmpty() || method.name().equals(systemCall);
            if (method.isNative() && isSystemCall && thread.frameCount() > trace.stack.size()) {
                trace.stack.clear();
                for (StackFrame frame : thread.frames()) {
                    Method each = frame.location().method();
                    trace.stack.add(each.declaringType().name() + "." + each.name());
                }
            }
        }
    }

    private static boolean isCounted(String type) {
        return type.startsWith(PROJECT) && !type.startsWith(TOOL) && !type.contains("$$Lambda");
    }

    private static String outermost(String type) {
        int nested = type.indexOf('$');
        return nested < 0 ? type : type.substring(0, nested);
    }

    private void print(PrintStream out, boolean list) {
        Trace most = traces.stream()
                .max(Comparator.comparingInt(each -> each.types.size()))
                .orElseThrow(() -> new IllegalStateException("nothing was traced"));
        String all = traces.stream().map(each -> "" + each.types.size()).collect(Collectors.joining(" "));
        out.printf(
                "types:  %d, of them %d on the calling thread (all traces: %s)%n",
                most.types.size(), most.typesOfCaller.size(), all);
        out.printf(
                "frames: %d of this project; %d in all, from main() to the system call%n",
                most.frames().size(), most.stack.size());
        if (list) {
            most.types.forEach(
                    type -> out.println("  " + type + (most.typesOfCaller.contains(type) ? "" : "  (another thread)")));
            out.println("deepest stack:");
            most.frames().forEach(frame -> out.println("  " + frame));
        }
    }
}
