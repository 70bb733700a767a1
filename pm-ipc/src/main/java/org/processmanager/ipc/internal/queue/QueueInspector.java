package org.processmanager.ipc.internal.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.processmanager.ipc.ChannelInspection;
import org.processmanager.ipc.ChannelInspection.End;
import org.processmanager.ipc.ChannelSnapshot.Role;
import org.processmanager.ipc.internal.channel.ChannelFile;
import org.processmanager.sync.internal.region.object.RegionObject;

/** Reads a queue from its file. It takes no slot and writes nothing. */
final class QueueInspector {
    private QueueInspector() {}

    static ChannelInspection inspect(ChannelFile file) {
        List<End> ends = new ArrayList<>();
        for (int end = QueueLayout.end(0, 1); end < file.object().bytes(); end += Long.BYTES) {
            long word = file.longAt(end);
            int role = QueueLayout.role(word);
            if (role == QueueLayout.SENDER || role == QueueLayout.RECEIVER) {
                Role known = role == QueueLayout.SENDER ? Role.SENDER : Role.RECEIVER;
                file.addEnd(ends, known, QueueLayout.owner(word), false, -1, 0, "");
            }
        }
        return new ChannelInspection(
                file.endpoint(), file.path(), ends, List.of(), messages(file), OptionalLong.empty());
    }

    /** Returns how many cells of the buffer are filled, which its state begins with. */
    private static long messages(ChannelFile file) {
        for (RegionObject object : file.region().objects()) {
            if (object.name().equals(QueueLayout.BUFFER)) {
                String state = file.region().state(object);
                return state.matches("\\d+ of .*") ? Long.parseLong(state.substring(0, state.indexOf(' '))) : 0;
            }
        }
        return 0;
    }
}
