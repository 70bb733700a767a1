package org.processmanager.core.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.processmanager.core.event.ChildState;
import org.processmanager.core.supervise.Decision.Phase;

/** Whatever happens to the children in whatever order: no two instances, no start too early, and a stop always ends. */
class DecisionProperties {
    private static final int STEPS = 40;

    @Property(tries = 500)
    void anyCourse_keepsTheRulesAndEnds(
            @ForAll Strategy strategy, @ForAll @IntRange(min = 1, max = 5) int size, @ForAll long seed) {
        Random random = new Random(seed);
        World world = new World(new Decision.Plan(strategy, members(size, random)));
        world.happens(new Decision.Begin());
        for (int i = 0; i < STEPS && world.state.phase() == Phase.WORKING; i++) {
            anything(world, random);
        }
        world.happens(new Decision.Stop());
        for (int i = 0; world.state.phase() != Phase.ENDED; i++) {
            assertTrue(i <= size, () -> "still not ended: " + world.state);
            assertTrue(!world.halted.isEmpty(), () -> "nothing is being stopped: " + world.state);
            int last = world.halted.get(world.halted.size() - 1);
            world.ends(last, random.nextBoolean());
        }
        assertTrue(
                world.state.children().stream().allMatch(child -> child.state().isFinal()));
        assertTrue(world.live.isEmpty());
    }

    @Property(tries = 150)
    void goodCourse_hasAllChildrenReady(
            @ForAll Strategy strategy, @ForAll @IntRange(min = 1, max = 5) int size, @ForAll long seed) {
        Random random = new Random(seed);
        List<Decision.Member> members = members(size, random).stream()
                .map(member -> new Decision.Member(member.name(), Restart.always(), member.dependsOn()))
                .toList();
        World world = new World(new Decision.Plan(strategy, members));
        world.happens(new Decision.Begin());
        for (int i = 0; i < STEPS; i++) {
            anything(world, random);
        }
        for (int i = 0; i < 10 * STEPS && !isReady(world); i++) {
            if (!world.halted.isEmpty()) {
                world.ends(world.halted.get(0), true);
            } else if (!world.alarms.isEmpty()) {
                world.passes();
            } else {
                for (int child : List.copyOf(world.live.keySet())) {
                    world.ready(child);
                }
            }
        }
        assertTrue(isReady(world), () -> world.state.toString());
        assertEquals(size, world.live.size());
    }

    private static boolean isReady(World world) {
        return world.state.children().stream().allMatch(child -> child.state() == ChildState.RUNNING);
    }

    /** One event that can happen now. */
    private static void anything(World world, Random random) {
        List<Integer> live = List.copyOf(world.live.keySet());
        int kind = random.nextInt(6);
        if (kind == 0 && !world.alarms.isEmpty()) {
            world.passes();
        } else if (!live.isEmpty()) {
            int child = live.get(random.nextInt(live.size()));
            switch (kind) {
                case 1, 2, 3 -> world.ready(child);
                case 4 -> world.ends(child, random.nextBoolean());
                default -> world.happens(new Decision.Unusable(child, world.live.get(child), "checks failed"));
            }
        }
    }

    /** Children that depend on some of those before them. */
    private static List<Decision.Member> members(int size, Random random) {
        List<Decision.Member> members = new ArrayList<>();
        List<Restart> restarts = List.of(
                Restart.always(),
                Restart.onFailure(),
                Restart.never(),
                Restart.always().atMost(2, Duration.ofDays(1)));
        for (int i = 0; i < size; i++) {
            List<Integer> dependsOn = new ArrayList<>();
            for (int earlier = 0; earlier < i; earlier++) {
                if (random.nextInt(3) == 0) {
                    dependsOn.add(earlier);
                }
            }
            members.add(new Decision.Member("c" + i, restarts.get(random.nextInt(restarts.size())), dependsOn));
        }
        return members;
    }
}
