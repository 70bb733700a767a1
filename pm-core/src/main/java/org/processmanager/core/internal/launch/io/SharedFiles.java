package org.processmanager.core.internal.launch.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.stream.FileRange;

/**
 * Outputs of one launch that go to the same regular file, also by different names. Each would have a position of its own and
 * overwrite what the others wrote; therefore the file is truncated once, if one of them truncates it, and all append to it.
 */
public final class SharedFiles {
    private SharedFiles() {}

    /**
     * Returns the stages of a launch with outputs that do not overwrite each other.
     *
     * @throws LaunchException with {@link LaunchException.Reason#BAD_STREAM_FILE} if an output would truncate the file that is
     *     the standard input
     */
    public static List<LaunchSpec> resolve(List<LaunchSpec> stages) {
        List<OutputSpec.ToFile> outputs = new ArrayList<>();
        for (LaunchSpec stage : stages) {
            addFiles(outputs, stage.stdout());
            addFiles(outputs, stage.stderr());
        }
        Path input = outputs.isEmpty() ? null : file(stages.get(0).stdin());
        if (input != null) {
            checkInput(input, outputs);
        }
        Set<Object> shared = outputs.size() < 2 ? Set.of() : shared(outputs);
        if (shared.isEmpty()) {
            return stages;
        }
        return stages.stream()
                .map(stage -> stage.withStreams(
                        stage.stdin(), appending(stage.stdout(), shared), appending(stage.stderr(), shared)))
                .toList();
    }

    private static void addFiles(List<OutputSpec.ToFile> files, @Nullable OutputSpec output) {
        for (OutputSpec part : parts(output)) {
            if (part instanceof OutputSpec.ToFile file) {
                files.add(file);
            }
        }
    }

    private static List<OutputSpec> parts(@Nullable OutputSpec output) {
        return output == null ? List.of() : output instanceof OutputSpec.Tee tee ? tee.parts() : List.of(output);
    }

    private static @Nullable Path file(InputSpec input) {
        if (input instanceof InputSpec.FromFile from) {
            return from.file();
        }
        return input instanceof InputSpec.FromStream from && from.stream() instanceof FileRange range
                ? range.file()
                : null;
    }

    private static void checkInput(Path input, List<OutputSpec.ToFile> outputs) {
        Object key = key(input);
        for (OutputSpec.ToFile output : outputs) {
            if (key != null && !output.append() && key.equals(key(output.file()))) {
                throw new LaunchException(
                        LaunchException.Reason.BAD_STREAM_FILE,
                        "cannot open " + output.file()
                                + " for output: it is the standard input, too, which would be empty;"
                                + " write to another file and rename that",
                        null);
            }
        }
    }

    /** Returns the keys of the files of several outputs, after truncating those that one of them truncates. */
    private static Set<Object> shared(List<OutputSpec.ToFile> outputs) {
        Set<Object> seen = new HashSet<>();
        Set<Object> shared = new HashSet<>();
        for (OutputSpec.ToFile output : outputs) {
            create(output.file());
            Object key = key(output.file());
            if (key != null && !seen.add(key)) {
                shared.add(key);
            }
        }
        for (OutputSpec.ToFile output : outputs) {
            if (!output.append() && shared.contains(key(output.file()))) {
                truncate(output.file());
            }
        }
        return shared;
    }

    private static @Nullable OutputSpec appending(@Nullable OutputSpec output, Set<Object> shared) {
        if (output instanceof OutputSpec.Tee tee) {
            List<OutputSpec> parts = new ArrayList<>();
            tee.parts().forEach(part -> parts.add(appending(part, shared)));
            return new OutputSpec.Tee(List.copyOf(parts));
        }
        return output instanceof OutputSpec.ToFile to && shared.contains(key(to.file()))
                ? new OutputSpec.ToFile(to.file(), true)
                : output;
    }

    /** Returns what identifies a regular file; null for others, and if there is none. */
    private static @Nullable Object key(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return null;
            }
            return attributes.fileKey() != null ? attributes.fileKey() : file.toRealPath();
        } catch (IOException e) {
            return null; // the launch fails with the reason
        }
    }

    private static void create(Path file) {
        if (Files.notExists(file)) {
            write(file, StandardOpenOption.CREATE);
        }
    }

    private static void truncate(Path file) {
        write(file, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static void write(Path file, StandardOpenOption option) {
        try {
            Files.newOutputStream(file, StandardOpenOption.WRITE, option).close();
        } catch (IOException e) {
            // the launch fails with the reason
        }
    }
}
