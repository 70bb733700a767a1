/** A transport of another party, which uses nothing but the public API. */
package org.processmanager.ipc.memory;
