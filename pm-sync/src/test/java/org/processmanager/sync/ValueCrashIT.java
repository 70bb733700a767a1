package org.processmanager.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.Threads.Running;

/** Values whose writers are killed at each step: a reader sees the value before or after, and others go on. */
class ValueCrashIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** The steps of a writer, and whether it has set the value then. */
    private static final Map<String, Boolean> STEPS = Map.of(
            "bytes.begun", false,
            "bytes.written", false,
            "bytes.published", true,
            "value.changed", true);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    @RegisterExtension
    final Evidence evidence = new Evidence();

    private Path path;
    private SharedMemory memory;

    @BeforeEach
    void open() {
        path = evidence.keep(tmp.sharedFile("v"));
        memory = SharedMemory.create(tmp.name("v"), Party.BYTES);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private SharedBytes value(String name) {
        return memory.atomicBytes(name, 100);
    }

    private static String text(SharedBytes value) {
        return new String(value.get(), StandardCharsets.UTF_8);
    }

    /** All at once, since each step takes a process. */
    @Test
    @Scenario("values/1")
    @Scenario("values/2")
    @Scenario("values/3")
    void writer_killedAtEachStep_leavesAWholeValue() {
        Map<String, ChildJvm> writers = new LinkedHashMap<>();
        try {
            STEPS.keySet().forEach(step -> writers.put(step, CrashPoints.start(Party.class, step, 2)));
            writers.forEach((step, writer) -> {
                value(step);
                writer.call("open", path);
                writer.call("bytes.set", step, "good");
            });
            Map<String, Running<Long>> readers = new LinkedHashMap<>();
            STEPS.keySet()
                    .forEach(step ->
                            readers.put(step, Threads.start(() -> value(step).awaitChange(1, LONG))));
            readers.values().forEach(Running::awaitAsleep);
            writers.forEach((step, writer) -> writer.send("bytes.set", step, "a longer one"));
            writers.values().forEach(CrashPoints::assertCrashed);
            STEPS.forEach((step, isSet) -> {
                assertEquals(isSet ? "a longer one" : "good", text(value(step)), step);
                assertEquals(isSet, isSet && readers.get(step).result() == 2, "without a wake-up by the writer");
                assertEquals(isSet ? 2 : 1, value(step).version(), step);
                assertEquals(isSet ? 3 : 2, value(step).set(new byte[] {'x'}), step);
                assertTrue(readers.get(step).result() > 1, step);
                assertEquals("x", text(value(step)), step);
                assertEquals(
                        step.equals("value.changed") ? 0 : 1,
                        value(step).snapshot().deathsRepaired(),
                        step);
            });
        } finally {
            writers.values().forEach(ChildJvm::close);
        }
    }
}
