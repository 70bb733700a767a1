package org.processmanager.examples.app.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.UnusedRegions;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionSnapshot;
import org.processmanager.sync.SharedMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pm shm}: the named regions of this user. */
@Command(
        name = "shm",
        description = "Lists or removes the named regions of shared memory of this user.",
        synopsisSubcommandLabel = "COMMAND")
public final class ShmCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    /** Returns how many regions no living process has open. */
    public static int unused() {
        return (int) regions().stream().filter(region -> living(region) == 0).count();
    }

    static List<String> names() {
        return regions().stream()
                .map(region -> region.path().getFileName().toString())
                .toList();
    }

    /** Returns the regions in the directory, by name; other files are skipped. */
    private static List<RegionSnapshot> regions() {
        List<RegionSnapshot> regions = new ArrayList<>();
        Path directory = SharedMemory.directory();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .forEach(file -> {
                        try {
                            regions.add(SharedMemory.snapshot(file));
                        } catch (RegionException e) {
                            // deleted since, or another kind of file
                        }
                    });
        } catch (NoSuchFileException e) {
            return regions;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "cannot list " + directory + ": " + e.getMessage(), e);
        }
        return regions;
    }

    private static void writeTo(JsonGenerator json, RegionSnapshot region) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", region.path().getFileName().toString());
        json.writeStringField("path", region.path().toString());
        json.writeNumberField("bytes", region.bytes());
        json.writeNumberField("freeBytes", region.freeBytes());
        json.writeStringField("created", region.created().toString());
        json.writeNumberField("objects", region.objects().size());
        json.writeNumberField("participants", living(region));
        json.writeBooleanField("stale", living(region) == 0);
        json.writeEndObject();
    }

    private static long living(RegionSnapshot region) {
        return region.participants().stream()
                .filter(RegionSnapshot.Participant::alive)
                .count();
    }

    /** {@code pm shm ls}. */
    @Command(name = "ls", description = "Lists the regions, and how many handles are open on each.")
    static final class Ls implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        private OutputOptions output = new OutputOptions();

        Ls(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            List<RegionSnapshot> regions = regions();
            output.print(terminal, regions, ShmCommand::writeTo, () -> table(regions));
            return ExitCode.OK;
        }

        private static Table table(List<RegionSnapshot> regions) {
            Table table = new Table("NAME", ">BYTES", ">FREE", ">OBJECTS", ">OPEN", "CREATED", "", "+PATH");
            for (RegionSnapshot region : regions) {
                table.row(
                        region.path().getFileName().toString(),
                        Long.toString(region.bytes()),
                        Long.toString(region.freeBytes()),
                        Integer.toString(region.objects().size()),
                        Long.toString(living(region)),
                        region.created().toString(),
                        living(region) == 0 ? "stale" : "",
                        region.path().toString());
            }
            return table;
        }
    }

    /** {@code pm shm rm --stale}. */
    @Command(
            name = "rm",
            description = {
                "Removes the regions that no living process has open, and the unfinished files of killed creators.",
                "",
                "Without names, a region that was created within the last minute stays, because its creator may be about to"
                        + " open it again.",
                "",
                "Exit code 1 if a named region is in use, 3 if there is no region of that name."
            })
    static final class Rm implements Callable<Integer> {
        private final Terminal terminal;

        @Spec
        private @Nullable CommandSpec spec;

        @Option(names = "--stale", description = "Required: confirms the removal of unused regions.")
        private boolean stale;

        @Parameters(
                paramLabel = "NAME",
                arity = "0..*",
                description = "The regions to remove; all unused ones by default.")
        private List<String> names = List.of();

        Rm(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            if (!stale) {
                throw new ParameterException(
                        Objects.requireNonNull(spec).commandLine(),
                        "--stale is missing: regions in use are never removed");
            }
            List<RegionSnapshot> regions = regions();
            if (names.isEmpty()) {
                Instant latest = UnusedRegions.latestCreation();
                regions.stream()
                        .filter(region -> UnusedRegions.isUnused(region, latest))
                        .forEach(this::remove);
                SharedMemory.deleteUnfinished().forEach(file -> terminal.out().println("removed " + file));
                return ExitCode.OK;
            }
            int worst = ExitCode.OK;
            for (String name : names) {
                worst = Math.max(worst, remove(name, regions));
            }
            return worst;
        }

        private int remove(String name, List<RegionSnapshot> regions) {
            for (RegionSnapshot region : regions) {
                if (region.path().getFileName().toString().equals(name)) {
                    return remove(region);
                }
            }
            List<String> similar = SimilarNames.among(names(), name);
            terminal.complain("there is no region '" + name + "' in " + SharedMemory.directory()
                    + SimilarNames.hint(similar, "; pm shm ls lists them"));
            return ExitCode.NOTHING_THERE;
        }

        private int remove(RegionSnapshot found) {
            Path path = found.path();
            try (SharedMemory region = SharedMemory.open(path)) {
                // Another process may have opened it since; this handle is the only expected one.
                long others = living(SharedMemory.snapshot(path)) - 1;
                if (others == 0) {
                    region.delete();
                    terminal.say("removed " + path);
                    return ExitCode.OK;
                }
                terminal.complain("region " + path + " is in use: " + others
                        + (others == 1 ? " handle is open" : " handles are open") + "; pm locks " + path.getFileName()
                        + " shows the owners");
            } catch (RegionException e) {
                terminal.complain(String.valueOf(e.getMessage()));
            }
            return ExitCode.FAILED;
        }
    }
}
