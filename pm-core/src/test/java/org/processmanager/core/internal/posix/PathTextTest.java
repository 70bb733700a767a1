package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;

class PathTextTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void anyBytes_surviveBothWays() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, PathText.encode(PathText.decode(bytes)));
        }
    }

    @Test
    void utf8_isDecodedToCharacters() {
        String text = "日本語 \uD83D\uDE00 é";
        assertEquals(text, PathText.decode(text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(text, PathText.printable(text));
        assertEquals("caf\uDCE9", PathText.decode("café".getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals("caf\uFFFD", PathText.printable("caf\uDCE9"));
    }

    @Test
    void path_keepsItsBytesAndForm() throws Exception {
        for (String uri : List.of("file:///tmp/caf%E9", "file:///tmp/%C3%BC%25/x%3Fy", "file:///%FF%FE/a%20b")) {
            Path absolute = Path.of(URI.create(uri));
            assertEquals(absolute, PathText.toPath(PathText.of(absolute)));
            Path relative = absolute.subpath(0, absolute.getNameCount());
            assertEquals(relative, PathText.toPath(PathText.of(relative)));
        }
        assertEquals("/tmp/caf\uDCE9", PathText.of(Path.of(URI.create("file:///tmp/caf%E9"))));
        assertEquals("", PathText.of(Path.of("")));
        // The URI of a directory that exists ends with a slash.
        Path directory = java.nio.file.Files.createDirectory(PathText.toPath(tmp.directory() + "/d\uDCE9"));
        assertEquals(tmp.directory() + "/d\uDCE9", PathText.of(directory));
    }

    @Test
    void otherFileSystem_isRefusedByName() throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(tmp.path("a.zip"), Map.of("create", "true"))) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class, () -> PathText.check("file", zip.getPath("/etc/passwd")));
            assertEquals(
                    "file: /etc/passwd of jar (expected: a path of the default file system, which programs can open)",
                    refused.getMessage());
        }
    }
}
