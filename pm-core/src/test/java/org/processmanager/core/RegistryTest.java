package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.ProcessExit;
import org.processmanager.core.internal.launch.jdk.JdkLauncher;
import org.processmanager.core.internal.manager.Launchers;

/** How a manager handles a completion that comes late. */
class RegistryTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final CompletableFuture<ChildProcess> launched = new CompletableFuture<>();

    /** A manager of real processes, which gets another future of their exit; other callers get the real one. */
    private ProcessManager manager(UnaryOperator<CompletableFuture<ProcessExit>> told) {
        return manager(Launchers.preferred(), told);
    }

    private ProcessManager manager(Launcher real, UnaryOperator<CompletableFuture<ProcessExit>> told) {
        return new ProcessManager(around(Launcher.class, real, (method, answer) -> {
            if (!method.equals("launch")) {
                return answer;
            }
            launched.complete((ChildProcess) answer);
            return child((ChildProcess) answer, told);
        }));
    }

    @SuppressWarnings("unchecked")
    private static ChildProcess child(ChildProcess real, UnaryOperator<CompletableFuture<ProcessExit>> told) {
        AtomicBoolean asked = new AtomicBoolean();
        return around(
                ChildProcess.class,
                real,
                (method, answer) -> method.equals("completion") && !asked.getAndSet(true)
                        ? told.apply((CompletableFuture<ProcessExit>) answer)
                        : answer);
    }

    private static <T> T around(Class<T> type, T real, BiFunction<String, Object, Object> change) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return change.apply(method.getName(), method.invoke(real, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static CompletableFuture<ProcessExit> late(CompletableFuture<ProcessExit> ended) {
        return ended.thenApplyAsync(end -> end, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "close"})
    void stop_returnsAfterBookkeeping(String how) throws Exception {
        try (ProcessManager pm = manager(RegistryTest::late)) {
            ManagedProcess process = pm.command("sleep", "60").start();
            Consumer<ManagedProcess> way = how.equals("stop") ? ManagedProcess::stop : it -> pm.close();
            way.accept(process);
            assertTrue(process.await(Duration.ZERO).isPresent());
            assertFalse(pm.isLive());
        }
    }

    @Test
    void interruptedRun_returnsAfterBookkeeping() throws Exception {
        try (ProcessManager pm = manager(new JdkLauncher(), RegistryTest::late)) {
            CompletableFuture<Boolean> live = new CompletableFuture<>();
            Thread runner = new Thread(() -> {
                try {
                    pm.command("sleep", "60").run();
                } catch (InterruptedException e) {
                    live.complete(pm.isLive());
                }
            });
            runner.start();
            launched.get(LONG.toSeconds(), TimeUnit.SECONDS);
            runner.interrupt();
            assertFalse(live.get(LONG.toSeconds(), TimeUnit.SECONDS));
        }
    }
}
