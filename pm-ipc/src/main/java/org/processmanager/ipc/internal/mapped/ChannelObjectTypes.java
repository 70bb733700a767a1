package org.processmanager.ipc.internal.mapped;

import org.processmanager.sync.internal.region.object.ObjectHandler;
import org.processmanager.sync.internal.region.object.ObjectTypes;

/** The object types of this module. */
public final class ChannelObjectTypes implements ObjectTypes {
    @Override
    public void register() {
        ObjectHandler.register(ChannelLayout.TYPE, new ChannelHandler());
    }
}
