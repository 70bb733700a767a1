package org.processmanager.core.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.detached.EntryFiles;
import org.processmanager.core.internal.detached.OutputLog;
import org.processmanager.core.registry.OutputLine.Source;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

/** The log of a detached process, written and read. */
class OutputReaderTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    private EntryFiles files() {
        return new EntryFiles(tmp.directory());
    }

    private static void append(OutputLog log, String stream, String text) {
        log.append(stream, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(OutputReader reader) {
        List<String> texts = new ArrayList<>();
        for (Optional<OutputLine> line = reader.poll(); line.isPresent(); line = reader.poll()) {
            texts.add(line.get().source() + " " + line.get().text());
        }
        return texts;
    }

    @Test
    void linesInPieces_areReadWhole() {
        try (OutputLog log = new OutputLog(files(), 1 << 20);
                OutputReader reader = new OutputReader(files())) {
            assertEquals(List.of(), texts(reader));
            append(log, "stdout", "one\ntw");
            assertEquals(List.of("STDOUT one"), texts(reader));
            append(log, "stderr", "err\n\n");
            byte[] euro = "\u20ac".getBytes(StandardCharsets.UTF_8);
            log.append("stdout", ByteBuffer.wrap(euro, 0, 2));
            log.append("stdout", ByteBuffer.wrap(euro, 2, 1));
            append(log, "stdout", "\nrest");
            assertEquals(List.of("STDERR err", "STDERR ", "STDOUT tw\u20ac"), texts(reader));
            assertEquals(
                    List.of("rest"),
                    reader.unfinished().stream().map(OutputLine::text).toList());
        }
    }

    @Test
    @Scenario("detached/4")
    void follower_readsThroughNewFiles() throws Exception {
        List<String> read = new ArrayList<>();
        List<String> written = new ArrayList<>();
        try (OutputLog log = new OutputLog(files(), 2048);
                OutputReader reader = new OutputReader(files())) {
            for (int i = 0; i < 300; i++) {
                append(log, "stdout", "line " + i + "\n");
                written.add("STDOUT line " + i);
                if (i % 40 == 0) { // less than a file
                    read.addAll(texts(reader));
                }
            }
            read.addAll(texts(reader));
        }
        assertEquals(written, read);
        assertEquals(4, files().logs().size());
        for (Path file : files().logs()) {
            assertTrue(Files.size(file) <= 2048, file::toString);
        }
        try (OutputReader reader = new OutputReader(files())) {
            List<String> kept = texts(reader);
            assertEquals(written.subList(written.size() - kept.size(), written.size()), kept);
        }
    }

    @Test
    @Scenario("detached/5")
    void fullDisk_costsOutputOnly() throws Exception {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full));
        Files.createSymbolicLink(files().log(), full);
        try (OutputLog log = new OutputLog(files(), 1 << 20)) {
            append(log, "stdout", "lost\n");
            append(log, "stdout", "lost too\n");
            Files.delete(files().log());
            append(log, "stdout", "kept\n");
        }
        try (OutputReader reader = new OutputReader(files())) {
            List<String> texts = texts(reader);
            assertEquals(2, texts.size(), texts::toString);
            assertTrue(texts.get(0).startsWith("SHIM 14 bytes of output were lost: "), texts::toString);
            assertEquals("STDOUT kept", texts.get(1));
        }
    }

    @Test
    void tornRecord_isSkipped() throws Exception {
        Files.writeString(files().log(), "2026-01-02T03:04:05.678Z stdout F first\n2026-01-02T03:04:05.678Z std");
        try (OutputLog log = new OutputLog(files(), 1 << 20);
                OutputReader reader = new OutputReader(files())) {
            append(log, "stderr", "second\n");
            assertEquals(Source.STDOUT, reader.poll().orElseThrow().source());
            assertEquals(List.of("STDERR second"), texts(reader));
        }
    }
}
