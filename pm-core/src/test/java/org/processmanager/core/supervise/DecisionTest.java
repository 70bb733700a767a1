package org.processmanager.core.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.processmanager.core.supervise.World.member;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.processmanager.core.event.ChildState;
import org.processmanager.fixtures.Scenario;

/** What a supervisor decides in each situation, without processes and without time. */
class DecisionTest {
    private static final Restart ALWAYS = Restart.always();

    /** Children a, b, c, of which each depends on those given. */
    private static World world(Strategy strategy, Restart restart, Integer[]... dependencies) {
        List<Decision.Member> members = new ArrayList<>();
        for (Integer[] dependsOn : dependencies) {
            members.add(member("" + (char) ('a' + members.size()), restart, dependsOn));
        }
        World world = new World(new Decision.Plan(strategy, members));
        world.happens(new Decision.Begin());
        return world;
    }

    private static World readyWorld(Strategy strategy) {
        World world = world(strategy, ALWAYS, none(), none(), none());
        for (int i = 0; i < 3; i++) {
            world.ready(i);
        }
        assertEquals("+a +b +c", world.did());
        return world;
    }

    private static Integer[] none() {
        return new Integer[0];
    }

    @Test
    void start_waitsForDependencies() {
        World world = world(Strategy.ONE_FOR_ONE, ALWAYS, none(), new Integer[] {0}, new Integer[] {0, 1});
        assertEquals("+a", world.did());
        world.ready(0);
        assertEquals("+b", world.did());
        world.ready(1);
        assertEquals("+c", world.did());
    }

    @Test
    void completedChild_satisfiesDependents() {
        World world = world(Strategy.ONE_FOR_ONE, Restart.onFailure(), none(), new Integer[] {0});
        world.ends(0, true);
        assertEquals(ChildState.COMPLETED, world.child(0).state());
        assertEquals("+a +b", world.did());
    }

    @Test
    void failedChild_failsDependents() {
        World world = world(Strategy.ONE_FOR_ONE, Restart.never(), none(), new Integer[] {0}, new Integer[] {1});
        world.ends(0, false);
        assertEquals(ChildState.FAILED, world.child(2).state());
        assertEquals(
                "depends on b, which is not started again",
                world.child(2).reason().orElseThrow());
        assertEquals("+a .", world.did());
    }

    @Test
    @Scenario("research-process/44")
    void strategies_restartTheirSet() {
        World one = readyWorld(Strategy.ONE_FOR_ONE);
        one.ends(1, false);
        one.passes();
        assertEquals("~b +b", one.did());

        World rest = readyWorld(Strategy.REST_FOR_ONE);
        rest.ends(1, false);
        rest.ends(2, true);
        rest.passes();
        assertEquals("~b -c +b +c", rest.did());

        World all = readyWorld(Strategy.ONE_FOR_ALL);
        all.ends(1, false);
        assertEquals("~b -c", all.did());
        all.passes();
        assertEquals("", all.did(), "b waits until the others have ended");
        all.ends(2, true);
        all.ends(0, false);
        assertEquals("-a +a +b +c", all.did());
        assertEquals(1, all.child(0).restarts());
    }

    @Test
    void stop_isInReverseOrder() {
        World world = readyWorld(Strategy.ONE_FOR_ONE);
        world.happens(new Decision.Stop());
        assertEquals("-c", world.did());
        world.ends(0, false);
        assertEquals("", world.did());
        world.ends(2, true);
        assertEquals("-b", world.did());
        world.ends(1, true);
        assertEquals(".", world.did());
    }

    @Test
    @Scenario("research-process/41")
    void stop_endsDelaysAndStarts() {
        World world = world(Strategy.ONE_FOR_ONE, ALWAYS, none(), none(), new Integer[] {1});
        world.ends(0, false);
        world.happens(new Decision.Stop());
        assertEquals("+a +b ~a -b", world.did());
        world.passes();
        world.ends(1, false);
        assertEquals(".", world.did());
    }

    @Test
    @Scenario("research-process/40")
    void restarts_overTheLimit_endTheSupervisor() {
        Restart limited =
                ALWAYS.backOff(Duration.ofMillis(1), Duration.ofMillis(4)).atMost(3, Duration.ofSeconds(1));
        World world = world(Strategy.ONE_FOR_ONE, limited, none(), none());
        for (int i = 0; i < 3; i++) {
            world.ends(0, false);
            world.passes();
        }
        assertEquals(Duration.ofMillis(1 + 2 + 4).toNanos(), world.now);
        assertEquals("+a +b ~a +a ~a +a ~a +a", world.did());
        world.ends(0, false);
        assertEquals(ChildState.FAILED, world.child(0).state());
        assertEquals("-b", world.did());
        world.ends(1, true);
        assertEquals(".", world.did());
        assertTrue(world.state.gaveUp().orElseThrow().contains("a failed again after 3 restarts within 1 s"));
    }

    @Test
    void longRun_beginsANewRowOfRestarts() {
        Restart restart =
                ALWAYS.backOff(Duration.ofMillis(1), Duration.ofMillis(100)).atMost(2, Duration.ofMillis(50));
        World world = world(Strategy.ONE_FOR_ONE, restart, none());
        for (int i = 0; i < 2; i++) {
            world.ends(0, false);
            world.passes();
        }
        world.ready(0);
        world.now += Duration.ofMillis(100).toNanos();
        world.ends(0, false);
        assertEquals(Duration.ofMillis(1).toNanos(), world.alarms.get(0).delayNanos());
    }

    @Test
    @Scenario("research-process/42")
    void unusableChild_isStoppedAndHasFailed() {
        World world = world(Strategy.ONE_FOR_ONE, Restart.onFailure(), none());
        world.ready(0);
        world.happens(new Decision.Unusable(0, 1, "3 checks failed"));
        assertEquals("+a -a", world.did());
        world.ends(0, true);
        assertEquals("3 checks failed; exit code 0", world.child(0).reason().orElseThrow());
        world.passes();
        assertEquals("~a +a", world.did());
    }

    @Test
    @Scenario("research-process/43")
    void requestedEnd_isNoFailure() {
        World world = world(Strategy.ONE_FOR_ONE, Restart.onFailure(), none(), none());
        world.ready(0);
        world.ends(0, true);
        assertEquals(ChildState.COMPLETED, world.child(0).state());
        assertEquals("+a +b", world.did());
    }

    @Test
    void survivor_doesNotHoldUpTheStop() {
        World world = readyWorld(Strategy.ONE_FOR_ONE);
        world.happens(new Decision.Unusable(2, 1, "checks failed"));
        world.happens(new Decision.Stop());
        assertEquals("-c -c", world.did());
        world.live.remove(2);
        world.happens(new Decision.Survived(2, 1, "survived"));
        assertEquals("-b", world.did());
    }

    @Test
    void eventOfAnEarlierRun_changesNothing() {
        World world = readyWorld(Strategy.ONE_FOR_ONE);
        world.ends(0, false);
        world.passes();
        Decision.State before = world.state;
        world.happens(new Decision.Ready(0, 1));
        world.happens(new Decision.Unusable(0, 1, "late"));
        world.happens(new Decision.Ended(0, 1, false, "late", 0));
        world.happens(new Decision.Due(0, 1));
        assertEquals(before, world.state);
    }
}
