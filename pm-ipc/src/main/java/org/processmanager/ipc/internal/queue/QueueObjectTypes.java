package org.processmanager.ipc.internal.queue;

import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.ObjectTypes;

/** The object type of a queue. */
public final class QueueObjectTypes implements ObjectTypes {
    @Override
    public void register() {
        ObjectHandler.register(QueueLayout.TYPE, new QueueHandler());
    }
}
