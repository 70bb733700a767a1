package org.processmanager.examples.app.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.RegionSnapshot.NamedObject;
import org.processmanager.sync.RegionSnapshot.Owner;
import org.processmanager.sync.SharedMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pm locks}: the objects of a region of shared memory, their owners and waiters. */
@Command(
        name = "locks",
        description = {
            "Shows the objects of a region: state, owner, waiters.",
            "",
            "It does not take part in the region and changes nothing. In JSON, sinceMillis is the time since 1970 at which"
                    + " the owner acquired it, or 0 if that is not recorded; thread is the number of the thread in the owner's"
                    + " JVM. Of several owners JSON has the first, the table all.",
            "",
            "Exit code 2 if there is no such region, or the file is no region."
        })
final class LocksCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "REGION", description = "A region's name, or the path of its file (with a /).")
    private String region = "";

    @Mixin
    private OutputOptions output = new OutputOptions();

    LocksCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        RegionSnapshot info = inspect(path(region));
        if (output.json()) {
            Json.print(terminal.out(), json -> writeJson(json, info.objects()));
        } else {
            table(info.objects()).print(terminal.out(), terminal.columns());
        }
        return ExitCode.OK;
    }

    private static Path path(String region) {
        return region.contains("/")
                ? Path.of(region)
                : SharedMemory.directory().resolve(region.isEmpty() ? "." : region);
    }

    private static RegionSnapshot inspect(Path path) {
        try {
            return SharedMemory.snapshot(path);
        } catch (RegionException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
        }
    }

    private static void writeJson(JsonGenerator json, List<NamedObject> objects) throws IOException {
        json.writeStartArray();
        for (NamedObject object : objects) {
            json.writeStartObject();
            json.writeStringField("name", object.name());
            json.writeStringField("kind", object.type());
            json.writeStringField("state", object.state());
            if (object.owners().isEmpty()) {
                json.writeNullField("owner");
            } else {
                json.writeFieldName("owner");
                writeOwner(json, object.owners().get(0));
            }
            json.writeNumberField("waiters", object.waiters());
            json.writeNumberField("deathsRepaired", object.deathsRepaired());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeOwner(JsonGenerator json, Owner owner) throws IOException {
        Instant since = owner.since();
        json.writeStartObject();
        json.writeNumberField("pid", owner.pid());
        json.writeNumberField("thread", owner.thread());
        json.writeNumberField("sinceMillis", since == null ? 0 : since.toEpochMilli());
        json.writeEndObject();
    }

    private static Table table(List<NamedObject> objects) {
        Table table = new Table("NAME", "KIND", "STATE", ">WAITERS", ">DEATHS", "OWNER");
        for (NamedObject object : objects) {
            table.row(
                    object.name(),
                    object.type(),
                    object.state(),
                    Integer.toString(object.waiters()),
                    Long.toString(object.deathsRepaired()),
                    object.owners().stream().map(LocksCommand::describe).collect(Collectors.joining(", ")));
        }
        return table;
    }

    private static String describe(Owner owner) {
        return "pid " + owner.pid()
                + (owner.thread() == 0 ? "" : " thread " + owner.thread())
                + since(owner.since())
                + (owner.alive() ? "" : " (dead)");
    }

    private static String since(@Nullable Instant since) {
        return since == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        " for %.2f s",
                        Math.max(0, Duration.between(since, Instant.now()).toMillis()) / 1e3);
    }
}
