package org.processmanager.examples.app.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Printable;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.RegionSnapshot.NamedObject;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.WaitGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pm locks}: the objects of regions of shared memory, their owners and waiters. */
@Command(
        name = "locks",
        description = {
            "Shows the objects of regions: state, owners, waiters.",
            "",
            "It does not take part in a region and changes nothing. With --graph it shows, for each object that threads wait"
                    + " for, the owners and the waiting threads of all processes, and which threads are in a deadlock: each"
                    + " waits for what the next one holds. Give all regions that the processes use: a deadlock may pass"
                    + " through several. The name of an owner is known if it waits itself, or after about a second.",
            "",
            "In JSON, sinceMillis is the time since 1970, or 0 if that is not recorded; thread is the number of the thread in"
                    + " its JVM, or 0. With --graph it has what it has without as objects, and also waits and deadlocks.",
            "",
            "Exit code 1 with --graph if there is a deadlock, 2 if the file is no region, 3 if there is no such region."
        })
final class LocksCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
            paramLabel = "REGION",
            arity = "1..*",
            description = "A region's name, or the path of its file (with a /).")
    private List<String> regions = List.of();

    @Option(names = "--graph", description = "Show which threads wait for which, and deadlocks.")
    private boolean graph;

    @Mixin
    private OutputOptions output = new OutputOptions();

    LocksCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Path[] paths = regions.stream().map(LocksCommand::path).toArray(Path[]::new);
        try {
            List<RegionSnapshot> snapshots =
                    Stream.of(paths).map(SharedMemory::snapshot).toList();
            return graph ? showGraph(snapshots, WaitGraph.of(paths)) : showObjects(snapshots);
        } catch (RegionException e) {
            boolean missing = e.reason() == RegionException.Reason.NOT_FOUND;
            throw new CommandFailure(
                    missing ? ExitCode.NOTHING_THERE : ExitCode.BAD_INPUT,
                    e.getMessage() + (missing ? similar() : ""),
                    e);
        }
    }

    /** Returns a hint at regions whose names are similar to those that were given. */
    private String similar() {
        List<String> known = ShmCommand.names();
        return SimilarNames.hint(regions.stream()
                .flatMap(name -> SimilarNames.among(known, name).stream())
                .filter(name -> !regions.contains(name))
                .toList());
    }

    private static Path path(String region) {
        return region.contains("/")
                ? Path.of(region)
                : SharedMemory.directory().resolve(region.isEmpty() ? "." : region);
    }

    private int showObjects(List<RegionSnapshot> snapshots) {
        output.print(terminal, objects(snapshots), LocksCommand::writeTo, () -> table(snapshots));
        return ExitCode.OK;
    }

    private int showGraph(List<RegionSnapshot> snapshots, WaitGraph found) {
        LockGraph shown = new LockGraph(snapshots, found);
        if (output.isForPrograms() && !output.json()) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "--graph is no list of rows (expected: -o json or table)");
        }
        if (output.json()) {
            Json.print(terminal.out(), json -> {
                json.writeStartObject();
                json.writeFieldName("objects");
                json.writeStartArray();
                for (LockedObject object : objects(snapshots)) {
                    writeTo(json, object);
                }
                json.writeEndArray();
                shown.writeFields(json);
                json.writeEndObject();
            });
        } else {
            shown.lines().forEach(line -> terminal.out().println(Printable.line(line)));
        }
        return found.deadlocks().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** An object and the file of its region. */
    private record LockedObject(Path region, NamedObject object) {}

    private static List<LockedObject> objects(List<RegionSnapshot> snapshots) {
        return snapshots.stream()
                .flatMap(snapshot ->
                        snapshot.objects().stream().map(object -> new LockedObject(snapshot.path(), object)))
                .toList();
    }

    private static void writeTo(JsonGenerator json, LockedObject locked) throws IOException {
        NamedObject object = locked.object();
        json.writeStartObject();
        json.writeStringField("region", locked.region().toString());
        json.writeStringField("name", object.name());
        json.writeStringField("kind", object.type());
        json.writeStringField("state", object.state());
        LockGraph.writeOwners(json, object.owners());
        json.writeNumberField("waiters", object.waiters());
        json.writeNumberField("deathsRepaired", object.deathsRepaired());
        json.writeEndObject();
    }

    private static Table table(List<RegionSnapshot> snapshots) {
        Instant now = Instant.now();
        String region = snapshots.size() > 1 ? "REGION" : "+REGION";
        Table table = new Table(region, "NAME", "KIND", "STATE", ">WAITERS", ">DEATHS", "OWNER");
        for (LockedObject locked : objects(snapshots)) {
            NamedObject object = locked.object();
            table.row(
                    LockGraph.name(locked.region()),
                    object.name(),
                    object.type(),
                    object.state(),
                    Integer.toString(object.waiters()),
                    Long.toString(object.deathsRepaired()),
                    object.owners().stream()
                            .map(owner -> LockGraph.describe(owner, now))
                            .collect(Collectors.joining(", ")));
        }
        return table;
    }
}
