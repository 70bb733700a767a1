package org.processmanager.core;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.monitor.ProcessDetails;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.core.monitor.ProcessTree;
import org.processmanager.core.monitor.RecentExits;
import org.processmanager.core.monitor.Sampler;
import org.processmanager.core.supervise.Health;
import org.processmanager.core.supervise.Restart;
import org.processmanager.core.supervise.Strategy;
import org.processmanager.core.supervise.SupervisorSpec;
import org.processmanager.core.thread.CancellableTask;
import org.processmanager.core.thread.ManagedThread;
import org.processmanager.core.thread.ManagedThreads;
import org.processmanager.core.thread.ThreadKind;
import org.processmanager.fixtures.NullArguments;
import org.processmanager.fixtures.Tmp;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.NOPLogger;

/** Null is refused at the door, by the name of what was to be given. */
class NullArgumentsTest {
    /** What a child JVM could run. */
    static final class Program {
        public static void main(String[] args) {
            // is never run
        }
    }

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void null_isRefusedByItsName() throws Exception {
        try (ProcessManager pm = ProcessManager.create();
                AdoptedProcess init = pm.adopt(1);
                ManagedThreads threads = ManagedThreads.create()) {
            ManagedProcess process = pm.command("true").start();
            process.await();
            ManagedThread thread = threads.start("done", cancellation -> {});
            thread.join(Duration.ofSeconds(20));
            new NullArguments()
                    .sample(String.class, "x")
                    .sample(Path.class, tmp.path("x"))
                    .sample(Duration.class, Duration.ofSeconds(1))
                    .sample(Charset.class, StandardCharsets.UTF_8)
                    .sample(Class.class, Program.class)
                    .sample(Signal.class, Signal.CONT)
                    .sample(InputStream.class, new ByteArrayInputStream(new byte[0]))
                    .sample(OutputStream.class, OutputStream.nullOutputStream())
                    .sample(Logger.class, NOPLogger.NOP_LOGGER)
                    .sample(Level.class, Level.INFO)
                    .sample(LineEnding.class, LineEnding.LF)
                    .sample(StopPolicy.Action.class, asked -> {})
                    .sample(DateTimeFormatter.class, DateTimeFormatter.ISO_INSTANT)
                    .sample(Pattern.class, Pattern.compile("x"))
                    .sample(Inheritable.class, Inheritable.named(tmp.path("x")))
                    .sample(EventListener.class, event -> {})
                    .sample(Ready.class, Ready.port(1))
                    .sample(Probe.class, asked -> true)
                    .sample(ThreadKind.class, ThreadKind.PLATFORM)
                    .sample(CancellableTask.class, cancellation -> {})
                    .check(Command.class, Command.of("true"))
                    .check(CommandAttributes.class, Command.of("true"))
                    .check(Pipeline.class, Command.of("true").pipeTo(Command.of("true")))
                    .check(Output.class, Output.discard())
                    .check(Input.class, Input.empty())
                    .check(StopPolicy.class, StopPolicy.defaults())
                    .check(StopPolicy.Step.class, null)
                    .check(ResourceLimits.class, ResourceLimits.none())
                    .check(JavaOptions.class, JavaOptions.none())
                    .check(Signal.class, Signal.TERM)
                    .check(IoPriority.class, IoPriority.idle())
                    .check(Inheritable.class, null)
                    .check(Ready.class, null)
                    .sample(Strategy.class, Strategy.ONE_FOR_ALL)
                    .sample(Restart.class, Restart.never())
                    .sample(Health.class, Health.probe("x", asked -> true))
                    .sample(Command.class, Command.of("true"))
                    .sample(UnaryOperator.class, UnaryOperator.identity())
                    .check(Restart.class, Restart.never())
                    .check(Health.class, Health.probe("x", asked -> true))
                    .check(SupervisorSpec.class, pm.supervisor())
                    .check(InheritedResources.class, null)
                    .check(ProcessManager.class, pm)
                    .check(ManagedProcess.class, process)
                    .check(AdoptedProcess.class, init)
                    .check(ManagedThreads.class, threads)
                    .check(ManagedThread.class, thread)
                    .sample(ProcessManager.class, pm)
                    .sample(Collection.class, List.of())
                    .check(ProcessTable.class, null)
                    .check(ProcessTree.class, ProcessTree.of(List.of()))
                    .check(ProcessDetails.class, null)
                    .check(Sampler.class, null)
                    .check(RecentExits.class, new RecentExits(Duration.ofSeconds(1), 1))
                    .assertRefused();
        }
    }
}
