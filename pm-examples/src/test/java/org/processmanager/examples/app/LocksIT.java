package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedMemory;

/** What {@code pm locks} and {@code pm shm} show of a region that this process uses. */
@Timeout(180)
class LocksIT {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    private SharedMemory create() {
        return SharedMemory.create(tmp.name("locks"), SharedMemory.megabytes(1));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void locks_nameTheOwner() throws Exception {
        long before = System.currentTimeMillis();
        try (SharedMemory memory = create()) {
            memory.semaphore("semaphore", 3);
            memory.leasedSemaphore("leased", 3).acquire();
            memory.leasedSemaphore("leased", 3).acquire();
            Hold hold = memory.mutex("mutex").acquire();
            memory.atomicBytes("value", 16).set(new byte[2]);
            JsonNode json = PmApp.of("locks", tmp.name("locks"), "-o", "json")
                    .run()
                    .assertExit(0)
                    .json();
            assertEquals(4, json.size());
            for (JsonNode object : json) {
                assertEquals(
                        List.of("region", "name", "kind", "state", "owners", "waiters", "deathsRepaired"),
                        names(object));
            }
            JsonNode mutex = json.get(2);
            JsonNode owner = mutex.get("owners").get(0);
            assertEquals(List.of("pid", "process", "thread", "threadName", "sinceMillis", "alive"), names(owner));
            assertEquals("mutex", mutex.get("name").textValue());
            assertEquals("held", mutex.get("state").textValue());
            assertEquals(ProcessHandle.current().pid(), owner.get("pid").longValue());
            assertEquals(Thread.currentThread().getId(), owner.get("thread").longValue());
            assertTrue(owner.get("sinceMillis").longValue() >= before - 1000, mutex::toString);
            assertEquals("3 permits", json.get(0).get("state").textValue());
            assertEquals(0, json.get(0).get("owners").size());
            assertEquals("1 of 3 free", json.get(1).get("state").textValue());
            assertEquals(2, json.get(1).get("owners").size());
            assertEquals("bytes", json.get(3).get("kind").textValue());
            assertEquals("2 of 16 bytes, version 1", json.get(3).get("state").textValue());
            assertTrue(hold.isValid(), "looking takes nothing");
            assertEquals(1, SharedMemory.snapshot(memory.path()).participants().size());
            String table = PmApp.of("locks", memory.path().toString())
                    .run()
                    .assertExit(0)
                    .out();
            assertTrue(table.contains("pid " + ProcessHandle.current().pid()), table);
        }
    }

    /** Holds one mutex and waits for another one. */
    static final class Child implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("acquire", args -> {
                SharedMemory memory = SharedMemory.open(Path.of(args.get(0)));
                memory.mutex(args.get(1)).acquire();
                return "";
            });
        }
    }

    @Test
    @Scenario("waits/1")
    void graph_marksTheDeadlockOfTwoProcesses() throws Exception {
        try (SharedMemory memory = create();
                ChildJvm child = ChildJvm.start(Child.class)) {
            PmApp graph = PmApp.of("locks", "--graph", memory.path().toString());
            assertEquals("no thread waits\n", graph.run().assertExit(0).out());
            child.thread("in-child").call("acquire", memory.path(), "x");
            Thread here = new Thread(
                    () -> {
                        memory.mutex("y").acquireUninterruptibly();
                        child.thread("in-child").send("acquire", memory.path(), "y");
                        memory.mutex("x").acquireUninterruptibly(); // when the child was killed
                    },
                    "in-test");
            here.start();
            Eventually.assertThat(
                    Duration.ofSeconds(30),
                    "both wait",
                    () -> memory.waitGraph().waits().size() == 2);
            String text = graph.run().assertExit(1).out();
            String inChild = "pid " + child.pid();
            String inTest = "pid " + ProcessHandle.current().pid();
            String[] lines =
                    text.substring(text.indexOf("DEADLOCK of 2 threads:")).split("\n");
            assertEquals(3, lines.length, text);
            boolean childFirst = lines[1].contains(inChild);
            String ofChild = lines[childFirst ? 1 : 2];
            String ofTest = lines[childFirst ? 2 : 1];
            assertTrue(
                    ofChild.startsWith("  " + inChild + " ") && ofChild.contains("(in-child) waits for mutex 'y' of "),
                    text);
            assertTrue(
                    ofTest.startsWith("  " + inTest + " ") && ofTest.contains("(in-test) waits for mutex 'x' of "),
                    text);
            assertTrue(lines[2].endsWith("held by the first one"), text);
            assertTrue(text.contains("mutex 'x' of " + tmp.name("locks")), text);
            JsonNode json = PmApp.of("locks", "--graph", "-o", "json", tmp.name("locks"))
                    .run()
                    .assertExit(1)
                    .json();
            assertEquals(List.of("objects", "waits", "unlisted", "deadlocks"), names(json));
            assertEquals(2, json.get("objects").size());
            assertEquals(2, json.get("deadlocks").get(0).size());
            for (JsonNode wait : json.get("deadlocks").get(0)) {
                boolean isChild = wait.get("pid").longValue() == child.pid();
                assertEquals(
                        isChild ? "in-child" : "in-test", wait.get("threadName").textValue());
                assertEquals(isChild ? "y" : "x", wait.get("object").textValue());
                JsonNode owner = wait.get("owners").get(0);
                assertEquals(
                        isChild ? "in-test" : "in-child",
                        owner.get("threadName").textValue());
            }
            child.kill9();
            here.join();
        }
    }

    @Test
    @Scenario("waits/9")
    void graph_namesDeadOwners() throws Exception {
        try (SharedMemory memory = create();
                SharedMemory second = SharedMemory.create(tmp.name("second"), SharedMemory.megabytes(1))) {
            try (ChildJvm child = ChildJvm.start(Child.class)) {
                child.call("acquire", memory.path(), "x");
                child.kill9();
                String text = PmApp.of("locks", "--graph", tmp.name("second"), tmp.name("locks"))
                        .run()
                        .assertExit(0)
                        .out();
                assertTrue(text.contains("held by pid " + child.pid() + " (") && text.contains(" (dead)"), text);
                String table = PmApp.of("locks", tmp.name("second"), tmp.name("locks"))
                        .run()
                        .assertExit(0)
                        .out();
                assertTrue(table.startsWith("REGION") && table.contains(tmp.name("locks")), table);
            }
            second.delete();
        }
    }

    @Test
    void badRegion_isOneLineAnd2() throws Exception {
        PmApp.of("locks", tmp.path("none").toString()).run().assertExit(3).complaint();
        String text = Files.writeString(tmp.path("text"), "no region").toString();
        assertTrue(PmApp.of("locks", text).run().assertExit(2).complaint().contains("not a region"), text);
    }

    @Test
    void shm_listsAndRemovesUnusedRegions() throws Exception {
        SharedMemory memory = create();
        assertFalse(entry().get("stale").booleanValue());
        String refused = PmApp.of("shm", "rm", "--stale", tmp.name("locks"))
                .run()
                .assertExit(1)
                .complaint();
        assertTrue(refused.contains("1 handle") && refused.contains("open"), refused);
        assertTrue(Files.exists(memory.path()), "it is in use");
        PmApp.of("shm", "rm", "--stale", tmp.name("none")).run().assertExit(3).complaint();
        memory.close();
        assertTrue(entry().get("stale").booleanValue());
        PmApp.of("shm", "rm", tmp.name("locks")).run().assertExit(2).complaint();
        assertTrue(Files.exists(memory.path()), "--stale was not said");
        assertEquals(
                "removed " + memory.path() + "\n",
                PmApp.of("shm", "rm", "--stale", tmp.name("locks"))
                        .run()
                        .assertExit(0)
                        .out());
        assertFalse(Files.exists(memory.path()));
    }

    private JsonNode entry() throws Exception {
        for (JsonNode region :
                PmApp.of("shm", "ls", "-o", "json").run().assertExit(0).json()) {
            if (region.get("name").textValue().equals(tmp.name("locks"))) {
                return region;
            }
        }
        throw new AssertionError("not listed");
    }
}
