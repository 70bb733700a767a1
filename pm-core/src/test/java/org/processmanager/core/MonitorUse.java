package org.processmanager.core;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds in a class file what takes an object's monitor: synchronized methods and the instruction {@code monitorenter}. Reads only
 * what that needs of the format (JVM specification, chapters 4 and 6).
 */
final class MonitorUse {
    private static final int MAGIC = 0xcafebabe;
    private static final int ACC_SYNCHRONIZED = 0x20;

    private static final int IINC = 0x84;
    private static final int TABLESWITCH = 0xaa;
    private static final int LOOKUPSWITCH = 0xab;
    private static final int MONITORENTER = 0xc2;
    private static final int WIDE = 0xc4;
    /** First and last opcode of a range, and the bytes of its instructions; all others have one. */
    private static final int[][] LENGTHS = {
        {0x10, 0x10, 2}, {0x11, 0x11, 3}, {0x12, 0x12, 2}, {0x13, 0x14, 3}, {0x15, 0x19, 2}, {0x36, 0x3a, 2},
        {IINC, IINC, 3}, {0x99, 0xa8, 3}, {0xa9, 0xa9, 2}, {0xb2, 0xb8, 3}, {0xb9, 0xba, 5}, {0xbb, 0xbb, 3},
        {0xbc, 0xbc, 2}, {0xbd, 0xbd, 3}, {0xc0, 0xc1, 3}, {0xc5, 0xc5, 4}, {0xc6, 0xc7, 3}, {0xc8, 0xc9, 5}
    };

    private final DataInputStream in;
    private final List<String> found = new ArrayList<>();
    private String[] texts = {};

    private MonitorUse(byte[] classFile) {
        in = new DataInputStream(new ByteArrayInputStream(classFile));
    }

    /** The methods of a class that take monitors. */
    static List<String> in(byte[] classFile) throws IOException {
        MonitorUse use = new MonitorUse(classFile);
        use.read();
        return use.found;
    }

    private void read() throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("no class file");
        }
        in.readInt(); // version
        readConstants();
        in.skipNBytes(6); // access, this, super
        in.skipNBytes(2L * in.readUnsignedShort()); // interfaces
        readMembers(false);
        readMembers(true);
    }

    private void readConstants() throws IOException {
        int count = in.readUnsignedShort();
        texts = new String[count];
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts[i] = in.readUTF();
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                case 5, 6 -> {
                    in.skipNBytes(8);
                    i++; // takes two places
                }
                case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
                case 15 -> in.skipNBytes(3);
                default -> throw new IOException("constant of unknown kind " + tag);
            }
        }
    }

    private void readMembers(boolean methods) throws IOException {
        int count = in.readUnsignedShort();
        for (int i = 0; i < count; i++) {
            int access = in.readUnsignedShort();
            String name = texts[in.readUnsignedShort()];
            in.readUnsignedShort(); // descriptor
            if (methods && (access & ACC_SYNCHRONIZED) != 0) {
                found.add(name + " is synchronized");
            }
            int attributes = in.readUnsignedShort();
            for (int j = 0; j < attributes; j++) {
                String attribute = texts[in.readUnsignedShort()];
                byte[] content = in.readNBytes(in.readInt());
                if (methods && attribute.equals("Code")) {
                    readCode(name, ByteBuffer.wrap(content));
                }
            }
        }
    }

    private void readCode(String method, ByteBuffer attribute) {
        int length = attribute.getInt(4); // after the sizes of stack and locals
        ByteBuffer code = attribute.slice(8, length);
        int at = 0;
        while (at < length) {
            int opcode = code.get(at) & 0xff;
            if (opcode == MONITORENTER) {
                found.add(method + " takes a monitor");
            }
            at += lengthOf(code, at, opcode);
        }
    }

    private static int lengthOf(ByteBuffer code, int at, int opcode) {
        int aligned = (at + 4) & ~3;
        switch (opcode) {
            case WIDE:
                return (code.get(at + 1) & 0xff) == IINC ? 6 : 4;
            case TABLESWITCH:
                return aligned - at + 12 + 4 * (code.getInt(aligned + 8) - code.getInt(aligned + 4) + 1);
            case LOOKUPSWITCH:
                return aligned - at + 8 + 8 * code.getInt(aligned + 4);
            default:
                for (int[] range : LENGTHS) {
                    if (opcode >= range[0] && opcode <= range[1]) {
                        return range[2];
                    }
                }
                return 1;
        }
    }
}
