package org.processmanager.sync.internal.region;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OnePath;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.RegionException;
import org.processmanager.sync.RegionException.Reason;
import org.processmanager.sync.internal.region.file.UserId;
import org.processmanager.sync.internal.region.layout.DirectoryLayout;
import org.processmanager.sync.internal.region.layout.RegionLayout;
import org.processmanager.sync.internal.region.object.ObjectType;

/** What is no region is refused with the reason, and its bytes stay what they were. */
class RegionRefusalTest {
    private static final long BYTES = RegionLayout.sizeFor(4096);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private Path file;

    @BeforeEach
    void name() {
        file = tmp.path("file");
    }

    @Test
    void emptyFile_isRefused() throws IOException {
        assertRefused(new byte[0], Reason.NOT_A_REGION, "0 bytes");
    }

    @Test
    void fileOfOneByte_isRefused() throws IOException {
        assertRefused(new byte[] {'P'}, Reason.NOT_A_REGION, "1 bytes");
    }

    @Test
    void text_isRefused() throws IOException {
        assertRefused(
                "Lorem ipsum\n".repeat(1000).getBytes(StandardCharsets.UTF_8), Reason.NOT_A_REGION, "12000 bytes");
    }

    @Test
    void program_isRefused() throws IOException {
        byte[] java = Files.readAllBytes(Path.of(System.getProperty("java.home"), "bin", "java"));
        assertRefused(java, Reason.NOT_A_REGION, "not a region");
    }

    @Test
    void directory_isRefused() throws IOException {
        Files.createDirectory(file);
        assertRefused(Reason.NOT_A_REGION, "it is a directory");
    }

    @Test
    void root_isRefused() {
        for (OpenMode mode : OpenMode.values()) {
            RegionException e = assertThrows(RegionException.class, () -> Region.open(Path.of("/"), mode, BYTES));
            assertEquals(Reason.NOT_A_REGION, e.reason());
        }
    }

    @Test
    void fifo_isRefusedWithoutBlocking() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        assertRefused(Reason.NOT_A_REGION, "expected: a file");
    }

    @Test
    void device_isRefused() {
        file = Path.of("/dev/null");
        assertRefused(Reason.NOT_A_REGION, "expected: a file");
    }

    @Test
    void symbolicLink_toRegion_isRefused() throws IOException {
        Path region = tmp.path("region");
        Region.open(region, OpenMode.CREATE_NEW, BYTES).close();
        Files.createSymbolicLink(file, region);
        assertRefused(Reason.NOT_A_REGION, "symbolic link");
    }

    @Test
    void symbolicLink_toMissingFile_isRefused() throws IOException {
        Files.createSymbolicLink(file, tmp.path("nothing"));
        assertRefused(Reason.NOT_A_REGION, "symbolic link");
        assertFalse(Files.exists(tmp.path("nothing")));
    }

    @Test
    void fileOfAnotherUser_isRefused() throws IOException {
        assumeTrue(UserId.current() == 0, "only root can give files away");
        Region.open(file, OpenMode.CREATE_NEW, BYTES).close();
        Files.setAttribute(file, "unix:uid", 54321, LinkOption.NOFOLLOW_LINKS);
        assertRefused(Reason.NOT_PERMITTED, "user 54321");
    }

    @Test
    void truncatedRegion_isRefused() throws IOException {
        byte[] region = region();
        assertRefused(Arrays.copyOf(region, region.length - 4096), Reason.CORRUPT, "the file has");
        assertRefused(Arrays.copyOf(region, 4096), Reason.CORRUPT, "the file has 4096");
        assertRefused(Arrays.copyOf(region, 4095), Reason.CORRUPT, "within the header");
        assertRefused(Arrays.copyOf(region, 8), Reason.CORRUPT, "within the header");
        assertRefused(Arrays.copyOf(region, 7), Reason.NOT_A_REGION, "7 bytes");
    }

    @Test
    void regionWithTrailingBytes_isRefused() throws IOException {
        byte[] region = region();
        assertRefused(Arrays.copyOf(region, region.length + 1), Reason.CORRUPT, "the file has");
    }

    @Test
    @Scenario("research-sync/30")
    void newerLayout_isRefusedWithBothVersions() throws IOException {
        byte[] region = region();
        order(region).putShort(RegionLayout.MAJOR, (short) 3).putShort(RegionLayout.MINOR, (short) 7);
        seal(region);
        assertRefused(region, Reason.INCOMPATIBLE_LAYOUT, "layout 3.7 ");
        assertRefused(region, Reason.INCOMPATIBLE_LAYOUT, "this library reads 1.4 ");
    }

    @Test
    void sameVersionWithOtherLayout_isRefused() throws IOException {
        byte[] region = region();
        order(region).putLong(RegionLayout.LAYOUT_HASH, 0x1122334455667788L);
        seal(region);
        assertRefused(region, Reason.INCOMPATIBLE_LAYOUT, "1122334455667788");
    }

    @Test
    void otherByteOrder_isRefused() throws IOException {
        byte[] region = region();
        order(region).putInt(RegionLayout.BYTE_ORDER, Integer.reverseBytes(RegionLayout.ORDER_MARK));
        seal(region);
        assertRefused(region, Reason.INCOMPATIBLE_LAYOUT, "other byte order");
    }

    @Test
    void tables_thatOverlap_areRefused() throws IOException {
        assertTableRefused(RegionLayout.SLOT_COUNT, 0);
        assertTableRefused(RegionLayout.SLOT_COUNT, -1);
        assertTableRefused(RegionLayout.SLOT_COUNT, 8192);
        assertTableRefused(RegionLayout.ENTRY_COUNT, Integer.MAX_VALUE);
        assertTableRefused(RegionLayout.SLOTS_OFFSET, 0);
        assertTableRefused(RegionLayout.DIRECTORY_OFFSET, 4096);
        assertTableRefused(RegionLayout.OBJECTS_OFFSET, 128);
    }

    private void assertTableRefused(int field, int value) throws IOException {
        byte[] region = region();
        order(region).putInt(field, value);
        seal(region);
        assertRefused(region, Reason.CORRUPT, "do not fit together");
    }

    @Test
    @Scenario("sync/10")
    @Scenario("research-sync/31")
    void header_withFlippedBit_isRefused() throws IOException {
        byte[] before = region();
        Files.write(file, before);
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        for (int bit = 0; bit < (RegionLayout.CRC + Integer.BYTES) * Byte.SIZE; bit++) {
            reasons.add(refusalWithFlipped(bit / Byte.SIZE, 1 << bit % Byte.SIZE));
        }
        assertEquals(EnumSet.of(Reason.NOT_A_REGION, Reason.INCOMPATIBLE_LAYOUT, Reason.CORRUPT), reasons);
        assertArrayEquals(before, Files.readAllBytes(file), "a refusal changes nothing");
    }

    @Test
    @OnePath
    @Scenario("sync/10")
    void header_withNonZeroPadding_isRefused() throws IOException {
        byte[] before = region();
        Files.write(file, before);
        for (int at = RegionLayout.FLAGS + Integer.BYTES; at < RegionLayout.HEADER_BYTES; at++) {
            assertEquals(Reason.CORRUPT, refusalWithFlipped(at, 0x10), "byte " + at);
        }
        assertArrayEquals(before, Files.readAllBytes(file), "a refusal changes nothing");
    }

    @Test
    @Scenario("sync/10")
    void header_withRefusingFlags_isRefused() throws IOException {
        byte[] before = region();
        Files.write(file, before);
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            int flag = 1 << bit;
            if (flag == RegionLayout.POLLERS) {
                continue; // informs about participants only
            }
            Reason expected = flag == RegionLayout.DELETED
                    ? Reason.DELETED
                    : flag == RegionLayout.POISONED ? Reason.POISONED : Reason.CORRUPT;
            int at = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? bit / Byte.SIZE : 3 - bit / Byte.SIZE;
            assertEquals(expected, refusalWithFlipped(RegionLayout.FLAGS + at, 1 << bit % Byte.SIZE));
        }
        assertArrayEquals(before, Files.readAllBytes(file), "a refusal changes nothing");
    }

    @Test
    @Scenario("sync/10")
    void directoryEntry_withFlippedByte_isRefused() throws IOException {
        ObjectType type = ObjectType.of(1000, "thing", 1);
        try (Region region = Region.open(file, OpenMode.CREATE_NEW, BYTES)) {
            region.objects().findOrCreate("thing", type, new int[0], 8, (memory, at) -> {});
            int entry = RegionLayout.directoryOffset(RegionLayout.DEFAULT_SLOTS);
            for (int i = 0; i < DirectoryLayout.BYTES; i++) {
                byte before = region.memory().get(entry + i);
                region.memory().put(entry + i, (byte) (before ^ 0x40));
                RegionException e = assertThrows(
                        RegionException.class,
                        () -> region.objects().findOrCreate("thing", type, new int[0], 8, (memory, at) -> {}),
                        "byte " + i);
                assertEquals(Reason.CORRUPT, e.reason(), "byte " + i);
                region.memory().put(entry + i, before);
            }
            assertNotNull(region.objects().find("thing", type));
        }
    }

    @Test
    void size_tooLarge_isRefused() {
        long over = RegionLayout.LARGEST_BYTES + 1;
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Region.open(file, OpenMode.OPEN_OR_CREATE, over));
        assertTrue(e.getMessage().contains("2 GiB"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Region.open(file, OpenMode.CREATE_NEW, 4096));
        assertThrows(IllegalArgumentException.class, () -> Region.open(file, OpenMode.CREATE_NEW, 0));
        assertThrows(IllegalArgumentException.class, () -> Region.open(file, OpenMode.OPEN_EXISTING, -1));
        assertFalse(Files.exists(file));
    }

    @Test
    void region_smallerThanRequested_isRefused() {
        Region.open(file, OpenMode.CREATE_NEW, BYTES).close();
        RegionException e =
                assertThrows(RegionException.class, () -> Region.open(file, OpenMode.OPEN_OR_CREATE, BYTES + 1));
        assertEquals(Reason.TOO_SMALL, e.reason());
        assertTrue(e.getMessage().contains("" + BYTES), e.getMessage());
        Region.open(file, OpenMode.OPEN_EXISTING, 0).close();
    }

    @Test
    void missingDirectory_isRefused() {
        file = tmp.path("missing").resolve("region");
        RegionException e =
                assertThrows(RegionException.class, () -> Region.open(file, OpenMode.OPEN_OR_CREATE, BYTES));
        assertEquals(Reason.NOT_FOUND, e.reason());
        assertFalse(Files.exists(file.getParent()));
    }

    /** Flips bits of a byte of the file, opens it, and sets them back. */
    private Reason refusalWithFlipped(int at, int bits) throws IOException {
        flip(at, bits);
        RegionException e = assertThrows(
                RegionException.class,
                () -> Region.open(file, OpenMode.OPEN_EXISTING, 0).close(),
                "byte " + at + " with bits " + bits + " flipped");
        flip(at, bits);
        return e.reason();
    }

    private void flip(int at, int bits) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int value = bytes.read();
            bytes.seek(at);
            bytes.write(value ^ bits);
        }
    }

    private void assertRefused(byte[] content, Reason reason, String text) throws IOException {
        Files.write(file, content);
        FileTime longAgo = FileTime.from(Instant.EPOCH.plusSeconds(1_000_000));
        Files.setLastModifiedTime(file, longAgo);
        assertRefused(reason, text);
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals(longAgo, Files.getLastModifiedTime(file), "not written, even with the same bytes");
    }

    private void assertRefused(Reason reason, String text) {
        for (OpenMode mode : Set.of(OpenMode.OPEN_EXISTING, OpenMode.OPEN_OR_CREATE)) {
            RegionException e = assertThrows(RegionException.class, () -> Region.open(file, mode, BYTES));
            assertEquals(reason, e.reason(), e.getMessage());
            assertTrue(e.getMessage().contains(text), e.getMessage());
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        }
        RegionException e = assertThrows(RegionException.class, () -> Region.open(file, OpenMode.CREATE_NEW, BYTES));
        assertEquals(Reason.ALREADY_EXISTS, e.reason(), e.getMessage());
    }

    /** The bytes of a fresh region. */
    private byte[] region() throws IOException {
        Path path = tmp.path("template");
        Files.deleteIfExists(path);
        Region.open(path, OpenMode.CREATE_NEW, BYTES).close();
        return withoutPollers(Files.readAllBytes(path));
    }

    private static byte[] withoutPollers(byte[] region) {
        order(region).putInt(RegionLayout.FLAGS, 0);
        return region;
    }

    private static ByteBuffer order(byte[] region) {
        return ByteBuffer.wrap(region).order(ByteOrder.nativeOrder());
    }

    private static void seal(byte[] region) {
        CRC32C crc = new CRC32C();
        crc.update(region, 0, RegionLayout.IMMUTABLE_BYTES);
        order(region).putInt(RegionLayout.CRC, (int) crc.getValue());
    }
}
