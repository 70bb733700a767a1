package org.processmanager.ipc.internal.broadcast;

import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.ObjectTypes;

/** The object type of a broadcast. */
public final class BroadcastObjectTypes implements ObjectTypes {
    @Override
    public void register() {
        ObjectHandler.register(BroadcastLayout.TYPE, new BroadcastHandler());
    }
}
