package org.processmanager.benchmarks.fork.crew;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.Used;

/**
 * Members that work together. Member 0 is a thread of this JVM; the others are threads beside it, or child JVMs with the
 * same class path and flags.
 */
public final class Crew implements AutoCloseable {
    private final Workplace here;
    private final List<Member> members = new ArrayList<>();

    private Crew(Workplace here) {
        this.here = here;
    }

    /**
     * @param workplace made here and once in each child JVM
     * @param apart     whether members but the first get a JVM each
     */
    public static Crew of(int size, boolean apart, Workplace here, Fields settings) throws Exception {
        Crew crew = new Crew(here);
        try {
            for (int i = 0; i < size; i++) {
                crew.members.add(
                        apart && i > 0 ? new JvmMember(here.getClass(), settings, i) : new ThreadMember(here, i));
            }
            return crew;
        } catch (Exception e) {
            crew.close();
            throw e;
        }
    }

    public int size() {
        return members.size();
    }

    /** One member does one thing. */
    public Fields perform(int member, Fields command) throws Exception {
        return await(List.of(members.get(member).perform(command))).get(0);
    }

    /** One member begins something that takes long. */
    public CompletableFuture<Fields> begin(int member, Fields command) {
        return members.get(member).perform(command);
    }

    /** All do the same at the same time. */
    public List<Fields> perform(Fields command) throws Exception {
        List<CompletableFuture<Fields>> answers = new ArrayList<>();
        for (int i = members.size() - 1; i >= 0; i--) { // those far away first, they hear it later
            answers.add(0, members.get(i).perform(command));
        }
        return await(answers);
    }

    /** The processes of the crew begin to count what they use. */
    public void startMeters() throws Exception {
        perform(ThreadMember.START_METER);
    }

    public void stopMeters() throws Exception {
        perform(ThreadMember.STOP_METER);
    }

    /** What all processes of the crew used between start and stop; zeros from the threads beside the first. */
    public Used used() throws Exception {
        return Used.sum(perform(ThreadMember.USED).stream().map(Used::of).toList());
    }

    private static List<Fields> await(List<CompletableFuture<Fields>> answers) throws Exception {
        List<Fields> done = new ArrayList<>();
        CompletableFuture<?> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
        CompletableFuture<Object> firstFailure = new CompletableFuture<>();
        answers.forEach(answer -> answer.whenComplete((ok, failure) -> {
            if (failure != null) {
                firstFailure.completeExceptionally(failure);
            }
        }));
        try {
            CompletableFuture.anyOf(all, firstFailure).get(); // the runner ends a fork that hangs, and asks where it is
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        for (CompletableFuture<Fields> answer : answers) {
            done.add(answer.get());
        }
        return done;
    }

    @Override
    public void close() throws Exception {
        for (int i = members.size() - 1; i >= 0; i--) {
            members.get(i).close();
        }
        here.close();
    }
}
