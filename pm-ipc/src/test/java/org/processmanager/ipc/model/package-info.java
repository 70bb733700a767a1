/** Models of the protocols of channels in shared memory: every interleaving, with a death at each step. */
package org.processmanager.ipc.model;
