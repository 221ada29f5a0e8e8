import { CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Button } from './button.js';
import { classes } from './classes.js';
import { IconButton } from './icon-button.js';
import styles from './toast.module.css';

const ICONS = { info: Info, success: CircleCheck, error: TriangleAlert };
/** Long enough to read two lines twice. */
const SHOWN_MS = 6_000;
/** And to find out that this is not what one wanted. */
const WITH_ACTION_MS = 12_000;
const MAX_SHOWN = 3;

export interface ToastOptions {
  kind?: keyof typeof ICONS;
  action?: { label: string; onPress: () => void };
}

interface ToastItem extends ToastOptions {
  id: number;
  text: string;
}

const ToastContext = createContext<((text: string, options?: ToastOptions) => void) | null>(null);

/** `show` tells something that needs no answer. */
export function useToast(): { show: (text: string, options?: ToastOptions) => void } {
  const show = useContext(ToastContext);
  if (!show) throw new Error('useToast needs a <ToastProvider> above it');
  return useMemo(() => ({ show }), [show]);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly ToastItem[]>([]);
  const nextId = useRef(0);
  const close = useCallback((id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)), []);
  const show = useCallback((text: string, options: ToastOptions = {}) => {
    const toast = { ...options, text, id: nextId.current++ };
    setToasts((shown) => [...shown.filter((other) => other.text !== text), toast].slice(-MAX_SHOWN));
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      {/* Above dialogs, and within reach while one is open: react-aria leaves alone what is marked so. */}
      {createPortal(
        <div className={styles.region} role="status" aria-live="polite" data-react-aria-top-layer>
          {toasts.map((toast) => (
            <Toast key={toast.id} toast={toast} onClose={close} />
          ))}
        </div>,
        document.body,
      )}
    </ToastContext>
  );
}

function Toast({ toast: { id, text, kind = 'info', action }, onClose }: { toast: ToastItem; onClose: (id: number) => void }) {
  const { t } = useTranslation();
  const [isHeld, setHeld] = useState(false);
  const Icon = ICONS[kind];
  const hasAction = action !== undefined;
  useEffect(() => {
    // Nobody is hurried who is about to read or press it.
    if (isHeld) return;
    const timer = setTimeout(() => onClose(id), hasAction ? WITH_ACTION_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, hasAction, isHeld, onClose]);
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false), onFocus: () => setHeld(true), onBlur: () => setHeld(false) };
  return (
    <div className={classes(styles.toast, styles[kind])} {...hold}>
      <Icon size={18} aria-hidden />
      <span className={styles.text}>{text}</span>
      {action && (
        <Button
          variant="quiet"
          size="small"
          onPress={() => {
            action.onPress();
            onClose(id);
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label={t('ui.close')} size="small" onPress={() => onClose(id)}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  );
}
