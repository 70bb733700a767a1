package org.processmanager.ipc;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.processmanager.fixtures.Eventually;

/** One call in a thread of its own, for calls that block. */
final class Background<T> {
    private static final Duration WATCHDOG = Duration.ofSeconds(60);

    /** The native methods in which the transports wait. */
    private static final Set<String> SLEEPS = Set.of("park", "poll", "syscall", "wait");

    /** A call without a result. */
    interface Action {
        void run() throws Exception;
    }

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    private Background(Callable<T> call) {
        thread = new Thread(
                () -> {
                    try {
                        result.complete(call.call());
                    } catch (Throwable t) {
                        result.completeExceptionally(t);
                    }
                },
                "background");
        thread.setDaemon(true);
    }

    static <T> Background<T> start(Callable<T> call) {
        Background<T> background = new Background<>(call);
        background.thread.start();
        return background;
    }

    static Background<Void> run(Action action) {
        return start(() -> {
            action.run();
            return null;
        });
    }

    /** Starts a call and returns when it was seen asleep in a call of the system and stays there. */
    static <T> Background<T> startAndBlock(Callable<T> call) {
        Background<T> background = start(call);
        background.awaitBlocked();
        return background;
    }

    /** As {@link #startAndBlock}, for a call without a result. */
    static Background<Void> runAndBlock(Action action) {
        Background<Void> background = run(action);
        background.awaitBlocked();
        return background;
    }

    private void awaitBlocked() {
        Eventually.assertThat(WATCHDOG, "the call sleeps", this::isAsleepOrDone);
        Eventually.assertStays(Duration.ofMillis(150), "the call is still waiting", () -> !result.isDone());
    }

    private boolean isAsleepOrDone() {
        StackTraceElement[] stack = thread.getStackTrace();
        return result.isDone() || stack.length > 0 && SLEEPS.contains(stack[0].getMethodName());
    }

    Thread thread() {
        return thread;
    }

    boolean isDone() {
        return result.isDone();
    }

    /** Returns the result, or throws what the call threw. */
    T get() throws Exception {
        try {
            return result.get(WATCHDOG.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            AssertionError error = new AssertionError("still waiting after " + WATCHDOG);
            error.setStackTrace(thread.getStackTrace());
            throw error;
        }
    }
}
