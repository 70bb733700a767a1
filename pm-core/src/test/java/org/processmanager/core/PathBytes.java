package org.processmanager.core;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Uses files whose names the charset of the locale may not represent, by every method that takes a path. */
final class PathBytes {
    private final ProcessManager pm;
    private final boolean isNative;
    private final List<String> wrong = new ArrayList<>();

    private PathBytes(ProcessManager pm, boolean isNative) {
        this.pm = pm;
        this.isNative = isNative;
    }

    /** One step, with its outcome. */
    private interface Use {
        String apply() throws Exception;
    }

    /** Returns a name below a directory, of UTF-8 or, with an escape such as %E9, of any bytes. */
    static Path below(Path directory, String escaped) {
        return Path.of(URI.create(directory.toUri() + escaped));
    }

    /** Returns what did not reach exactly these files; the directory must be empty, and its name ASCII. */
    static List<String> wrong(ProcessManager pm, boolean isNative, Path directory) throws IOException {
        PathBytes uses = new PathBytes(pm, isNative);
        for (String name : List.of("caf%E9", "%C3%BCmlaut", "%FF%FE%20%3F%25")) {
            uses.use(below(directory, name), name);
        }
        return uses.wrong;
    }

    private void use(Path path, String name) throws IOException {
        Path directory = Files.createDirectory(path);
        Path file = below(directory, name);
        Path script = below(directory, name + ".sh");
        Files.writeString(script, "#!/bin/sh\necho ran $1");
        Files.setPosixFilePermissions(script, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(file, "first ");
        expect("stdin", "first ", () -> cat().stdin(Input.of(file)).run().stdoutText());
        expect("range", "irs", () -> cat().stdin(Input.of(file, 1, 3)).run().stdoutText());
        expect("named stdin", "first ", () -> cat().stdin(Input.of(Inheritable.named(file)))
                .run()
                .stdoutText());
        expect("appendTo", "first more", () -> {
            pm.command("printf", "more").stdout(Output.appendTo(file)).run();
            return Files.readString(file);
        });
        expect("toFile", "whole", () -> {
            pm.command("/bin/sh", "-c", "printf whole >&2")
                    .stderr(Output.toFile(file))
                    .run();
            return Files.readString(file);
        });
        expect("tee", "both", () -> {
            pm.command("printf", "both")
                    .stdout(Output.toFile(file).and(Output.capture()))
                    .run();
            return Files.readString(file);
        });
        expect("directory", "both", () -> pm.command("/bin/sh", "-c", "cat *[!h]")
                .directory(directory)
                .run()
                .stdoutText());
        expect("program below directory", "ran x", () -> {
            Path copy = Files.copy(script, directory.resolve("ascii.sh"));
            String said =
                    pm.command("./ascii.sh", "x").directory(directory).run().stdoutText();
            Files.delete(copy);
            return said.strip();
        });
        if (isNative) {
            expect(
                    "program",
                    "ran y",
                    () -> Command.of(script, "y").on(pm).run().stdoutText().strip());
            expect("program behind a wrapper", "ran z", () -> Command.of(script, "z")
                    .on(pm)
                    .limits(limits -> limits.coreDump(0))
                    .run()
                    .stdoutText()
                    .strip());
            expect("opened stdin", "both", () -> cat().stdin(Input.of(Inheritable.opened(file)))
                    .run()
                    .stdoutText());
            expect("opened", "both", () -> pm.command("/bin/sh", "-c", "cat <&3")
                    .pass("given", Inheritable.opened(file, StandardOpenOption.READ))
                    .run()
                    .stdoutText());
            expect("named", "both", () -> pm.command("/bin/sh", "-c", "cat \"${PM_RESOURCE_GIVEN#file:}\"")
                    .pass("given", Inheritable.named(file))
                    .run()
                    .stdoutText());
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> others = files.filter(each -> !each.equals(file) && !each.equals(script))
                    .toList();
            if (!others.isEmpty()) {
                wrong.add("also made: " + others);
            }
        }
        try (Stream<Path> files = Files.list(directory.resolveSibling("."))) {
            if (files.count() > 3) {
                wrong.add("also made beside " + directory);
            }
        }
    }

    private Command cat() {
        return pm.command("cat").charset(StandardCharsets.UTF_8);
    }

    private void expect(String what, String outcome, Use use) {
        String found;
        try {
            found = use.apply();
        } catch (Exception e) {
            found = e.toString();
        }
        if (!outcome.equals(found)) {
            wrong.add(what + ": " + found);
        }
    }
}
