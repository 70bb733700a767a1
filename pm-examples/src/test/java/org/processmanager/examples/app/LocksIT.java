package org.processmanager.examples.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedMemory;

/** What {@code pm locks} and {@code pm shm} show of a region that this process uses. */
@Timeout(120)
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
            JsonNode json = PmApp.of("locks", tmp.name("locks"), "-o", "json")
                    .run()
                    .assertExit(0)
                    .json();
            assertEquals(3, json.size());
            for (JsonNode object : json) {
                assertEquals(List.of("name", "kind", "state", "owner", "waiters", "deathsRepaired"), names(object));
            }
            JsonNode mutex = json.get(2);
            assertEquals(List.of("pid", "thread", "sinceMillis"), names(mutex.get("owner")));
            assertEquals("mutex", mutex.get("name").textValue());
            assertEquals("held", mutex.get("state").textValue());
            assertEquals(
                    ProcessHandle.current().pid(), mutex.get("owner").get("pid").longValue());
            assertEquals(
                    Thread.currentThread().getId(),
                    mutex.get("owner").get("thread").longValue());
            assertTrue(mutex.get("owner").get("sinceMillis").longValue() >= before - 1000, mutex::toString);
            assertEquals("3 permits", json.get(0).get("state").textValue());
            assertTrue(json.get(0).get("owner").isNull());
            assertEquals("1 of 3 free", json.get(1).get("state").textValue());
            assertTrue(hold.isValid(), "looking takes nothing");
            assertEquals(1, SharedMemory.snapshot(memory.path()).participants().size());
            String table = PmApp.of("locks", memory.path().toString())
                    .run()
                    .assertExit(0)
                    .out();
            assertTrue(table.contains("pid " + ProcessHandle.current().pid()), table);
        }
    }

    @Test
    void badRegion_isOneLineAnd2() throws Exception {
        PmApp.of("locks", tmp.path("none").toString()).run().assertExit(2).complaint();
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
        PmApp.of("shm", "rm", "--stale", tmp.name("none")).run().assertExit(2).complaint();
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
