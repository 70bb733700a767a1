package org.processmanager.project;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.fixtures.Project;

/** {@code docs/file-formats.md} shows the layouts as the code draws them. */
class FileFormatsTest {
    private static final Path ROOT = Project.root();
    private static final Pattern DRAWING = Pattern.compile("<pre>\n(.*?)</pre>", Pattern.DOTALL);

    private static String document() throws IOException {
        return normal(Files.readString(ROOT.resolve("docs/file-formats.md")));
    }

    /** Only where one word ends and the next begins counts. */
    private static String normal(String text) {
        return text.replaceAll("[ \n]+", " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sync/internal/region/RegionDescriptor",
                "sync/internal/region/LockBytes",
                "sync/internal/region/SlotDescriptor",
                "sync/internal/region/DirectoryDescriptor",
                "sync/internal/MutexDescriptor",
                "sync/internal/SemaphoreDescriptor",
                "sync/internal/LeasedDescriptor",
                "sync/internal/BufferDescriptor",
                "ipc/internal/mapped/ChannelDescriptor",
                "ipc/internal/mapped/LaneDescriptor",
                "ipc/internal/fifo/FrameDescriptor"
            })
    void drawing_isThatOfTheDescriptor(String descriptor) throws IOException {
        String module = "pm-" + descriptor.substring(0, descriptor.indexOf('/'));
        String source =
                Files.readString(ROOT.resolve(module + "/src/main/java/org/processmanager/" + descriptor + ".java"));
        Matcher drawing = DRAWING.matcher(source);
        assertTrue(drawing.find(), descriptor + " has no drawing");
        String text = drawing.group(1).replaceAll("(?m)^ \\* ?", "").replaceAll("\\{@link ([\\w#]+)}", "$1");
        assertTrue(document().contains(normal(text).strip()), descriptor + " is drawn otherwise:\n" + text);
    }

    @Test
    void layoutHash_isThatOfTheTest() throws IOException {
        String test = Files.readString(
                ROOT.resolve("pm-sync/src/test/java/org/processmanager/sync/internal/region/RegionLayoutTest.java"));
        Matcher hash = Pattern.compile("\"([0-9a-f]{16})\"").matcher(test);
        assertTrue(hash.find() && document().contains(hash.group(1)), "the hash of the layout is another");
    }
}
