package org.processmanager.examples.app.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.RegionSnapshot.NamedObject;
import org.processmanager.sync.RegionSnapshot.Owner;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.WaitGraph;
import org.processmanager.sync.WaitGraph.Deadlock;
import org.processmanager.sync.WaitGraph.Purpose;
import org.processmanager.sync.WaitGraph.Wait;

/**
 * The threads that wait for objects of regions, as text and as JSON.
 *
 * @param snapshots of the regions, for dead owners that no thread waits for
 * @param graph of the same regions
 */
record LockGraph(List<RegionSnapshot> snapshots, WaitGraph graph) {
    /** Returns the objects with their owners and waiters, then the deadlocks. */
    List<String> lines() {
        Map<String, List<String>> objects = new LinkedHashMap<>();
        for (Wait wait : graph.waits()) {
            List<String> lines = objects.computeIfAbsent(object(wait), key -> new ArrayList<>());
            for (Owner owner : wait.owners()) {
                String held = "  held by " + describe(owner, graph.time());
                if (!lines.contains(held)) {
                    lines.add(held);
                }
            }
        }
        for (Wait wait : graph.waits()) {
            objects.computeIfAbsent(object(wait), key -> new ArrayList<>())
                    .add("  " + thread(wait) + " has waited" + seconds(wait.since(), graph.time()) + purpose(wait));
        }
        addDeadOwners(objects);
        List<String> lines = new ArrayList<>();
        objects.forEach((object, its) -> {
            lines.add(object);
            lines.addAll(its);
        });
        if (graph.unlisted() > 0) {
            lines.add(graph.unlisted() + " more waiting threads are not listed: the region has no room for them");
        }
        for (Deadlock deadlock : graph.deadlocks()) {
            addDeadlock(lines, deadlock);
        }
        if (lines.isEmpty()) {
            lines.add("no thread waits");
        }
        return lines;
    }

    private void addDeadOwners(Map<String, List<String>> objects) {
        for (RegionSnapshot snapshot : snapshots) {
            for (NamedObject object : snapshot.objects()) {
                String name = object(object.type(), object.name(), snapshot.path());
                for (Owner owner : object.owners()) {
                    if (!owner.alive() && !objects.containsKey(name)) {
                        objects.put(name, List.of("  held by " + describe(owner, graph.time())));
                    }
                }
            }
        }
    }

    private static void addDeadlock(List<String> lines, Deadlock deadlock) {
        int count = deadlock.waits().size();
        lines.add("DEADLOCK of " + count + (count == 1 ? " thread:" : " threads:"));
        for (int i = 0; i < count; i++) {
            Wait wait = deadlock.waits().get(i);
            lines.add("  " + thread(wait) + " waits" + purpose(wait) + " for " + object(wait) + ", held by "
                    + (i + 1 < count ? "the next one" : count == 1 ? "itself" : "the first one"));
        }
    }

    private static String object(Wait wait) {
        return object(wait.type(), wait.object(), wait.region());
    }

    private static String object(String type, String name, Path region) {
        return type + " '" + name + "' of " + name(region);
    }

    /** Returns the name of a region, or its path if it has none. */
    static String name(Path region) {
        return SharedMemory.directory().equals(region.getParent())
                ? region.getFileName().toString()
                : region.toString();
    }

    private static String thread(Wait wait) {
        return thread(wait.pid(), wait.process(), wait.thread(), wait.threadName());
    }

    private static String thread(long pid, String process, long thread, String threadName) {
        return "pid " + pid
                + (process.isEmpty() ? "" : " (" + process + ")")
                + (thread == 0 ? "" : " thread " + thread)
                + (threadName.isEmpty() ? "" : " (" + threadName + ")");
    }

    private static String purpose(Wait wait) {
        return wait.purpose() == Purpose.ACQUIRE ? "" : wait.purpose() == Purpose.READ ? " to read" : " to write";
    }

    /** Returns an owner in words. */
    static String describe(Owner owner, Instant now) {
        Instant since = owner.since();
        return thread(owner.pid(), owner.process(), owner.thread(), owner.threadName())
                + (since == null ? "" : " for" + seconds(since, now))
                + (owner.alive() ? "" : " (dead)");
    }

    private static String seconds(Instant since, Instant now) {
        return String.format(
                Locale.ROOT, " %.2f s", Math.max(0, Duration.between(since, now).toMillis()) / 1e3);
    }

    /** Writes the fields of an object. */
    void writeFields(JsonGenerator json) throws IOException {
        json.writeFieldName("waits");
        writeWaits(json, graph.waits());
        json.writeNumberField("unlisted", graph.unlisted());
        json.writeFieldName("deadlocks");
        json.writeStartArray();
        for (Deadlock deadlock : graph.deadlocks()) {
            writeWaits(json, deadlock.waits());
        }
        json.writeEndArray();
    }

    private static void writeWaits(JsonGenerator json, List<Wait> waits) throws IOException {
        json.writeStartArray();
        for (Wait wait : waits) {
            json.writeStartObject();
            json.writeNumberField("pid", wait.pid());
            json.writeStringField("process", wait.process());
            json.writeNumberField("thread", wait.thread());
            json.writeStringField("threadName", wait.threadName());
            json.writeStringField("region", wait.region().toString());
            json.writeStringField("object", wait.object());
            json.writeStringField("kind", wait.type());
            json.writeStringField("purpose", wait.purpose().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("sinceMillis", wait.since().toEpochMilli());
            json.writeBooleanField("limited", wait.limited());
            writeOwners(json, wait.owners());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Writes the field with the owners of an object. */
    static void writeOwners(JsonGenerator json, List<Owner> owners) throws IOException {
        json.writeFieldName("owners");
        json.writeStartArray();
        for (Owner owner : owners) {
            Instant since = owner.since();
            json.writeStartObject();
            json.writeNumberField("pid", owner.pid());
            json.writeStringField("process", owner.process());
            json.writeNumberField("thread", owner.thread());
            json.writeStringField("threadName", owner.threadName());
            json.writeNumberField("sinceMillis", since == null ? 0 : since.toEpochMilli());
            json.writeBooleanField("alive", owner.alive());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
